# The application alone; compose.yaml puts a Neo4j server beside it.
# In a closed network: docker build --build-arg PIP_INDEX_URL=... .
FROM python:3.12-slim

ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONUNBUFFERED=1

# A user of its own, whose home is the volume: store, downloads and mappings survive the container.
RUN useradd --create-home --home-dir /data --shell /usr/sbin/nologin maillage
WORKDIR /opt/maillage

COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt

COPY . .
RUN pip install --no-build-isolation --no-deps --editable . \
    && python scripts/setup_assets.py

USER maillage
ENV HOME=/data \
    MAILLAGE_STORE=sqlite:////data/maillage.db \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0
VOLUME /data
EXPOSE 8501
# The first start loads the bundled ecosystem before it answers.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["maillage", "app"]
