FROM python:3.12-slim-bookworm AS build
COPY requirements.lock /tmp/
RUN python -m venv /opt/smartcart \
    && /opt/smartcart/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r /tmp/requirements.lock

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 smartcart \
    && useradd --uid 10001 --gid smartcart --no-create-home --home-dir /data smartcart \
    && install --directory --owner smartcart --group smartcart --mode 700 /data
COPY --from=build /opt/smartcart /opt/smartcart
COPY . /opt/smartcart/app
RUN /opt/smartcart/bin/python -m compileall -q /opt/smartcart/app
ENV PATH=/opt/smartcart/bin:$PATH \
    PYTHONPATH=/opt/smartcart/app \
    PYTHONUNBUFFERED=1 \
    SMARTCART_DATA_DIR=/data \
    SMARTCART_HOST=0.0.0.0 \
    SMARTCART_PORT=8000
WORKDIR /data
VOLUME /data
USER smartcart
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-P", "-c", "import os, urllib.request as http; http.urlopen(f'http://127.0.0.1:{os.environ[\"SMARTCART_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-P", "-m", "connectors.cli"]
CMD ["serve"]
