# netwatch, and its lab (compose.yaml). Whoever watches a real network gives it a configuration and its capability:
#   docker run --cap-add NET_RAW -v ./config:/etc/netwatch:ro -v netwatch:/var/lib/netwatch -p 127.0.0.1:9990:9990 netwatch
FROM python:3.13-slim-trixie

# The lab lays a cable by `ip`, in a namespace that it makes by util-linux's `unshare`.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends iproute2 util-linux \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/netwatch
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY netwatch netwatch
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
COPY config config

RUN useradd --system --home-dir /var/lib/netwatch --create-home netwatch
USER netwatch
EXPOSE 9990
ENTRYPOINT ["netwatch"]
CMD ["run", "--config", "/etc/netwatch", "--state", "/var/lib/netwatch"]
