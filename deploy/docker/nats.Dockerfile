# NATS as the lock file pins it, for Compose and tests; Kubernetes may as well take the publisher's own image.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}
COPY own /opt/summit
# A new volume takes over who owns this folder.
RUN mkdir -p /var/lib/nats && chown 10001:10001 /var/lib/nats
USER 10001:10001
EXPOSE 4222 8222
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=120s --retries=3 \
  CMD ["python3", "-S", "/opt/summit/ready.py", "8222", "/healthz"]
LABEL org.opencontainers.image.title="summit-nats" org.opencontainers.image.description="NATS server with JetStream"
ENTRYPOINT ["/opt/summit/nats-server"]
CMD ["--config", "/etc/nats/nats.conf"]
