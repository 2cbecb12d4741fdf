# One image for every process of the lab. Docker Compose starts it once per service; docker-compose.yml says with what.
# Built with the classic builder too: no syntax line, no heredocs, no COPY --link.

FROM node:24-bookworm-slim AS build
WORKDIR /app
# Packages first: they change seldom. As `npm start` puts them in, see scripts/install.mjs.
COPY package.json package-lock.json ./
COPY scripts/install.mjs scripts/fingerprint.mjs scripts/root.mjs scripts/run-command.mjs scripts/step.mjs scripts/
RUN node --eval "import('./scripts/install.mjs').then(({ install }) => install())"
COPY . .
# What containers run: built processes and pages, migrations, and of the packages what these need.
RUN node scripts/image.mjs /image

FROM node:24-bookworm-slim
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
ENTRYPOINT ["secrets", "run", "node", "--enable-source-maps"]
CMD ["dist/web.js"]
