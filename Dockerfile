# syntax=docker/dockerfile:1
# The product's processes: foreshift worker, triggers serve, notify serve. Pin the base by its digest in a registry of your own; the tag says which it is.
FROM node:22.12.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script of a package is run.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22.12.0-bookworm-slim
# Of Amazon RDS, for databases that are asked for their certificate (sslmode=verify-full).
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/rds.pem
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/rds.pem FORESHIFT_HOME=/run/foreshift/home
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY infra/docker-entrypoint.sh /usr/local/bin/foreshift-entrypoint
RUN install -d -o node -g node -m 700 /run/foreshift
USER node
VOLUME /run/foreshift
# A worker lets its activities go on for 5 s after SIGTERM.
STOPSIGNAL SIGTERM
ENTRYPOINT ["foreshift-entrypoint"]
CMD ["worker"]
