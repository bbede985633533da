# One image for web, worker, beat, backup and migrate. Builds without network once the packages are at hand:
# pass --build-arg PIP_INDEX_URL / UV_DEFAULT_INDEX for a mirror of your own.
FROM python:3.12-slim-trixie AS build
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
# `s3` adds the client of an S3 store to what `local` holds.
ARG REQUIREMENTS=local
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1
WORKDIR /app
COPY requirements/ requirements/
RUN python -m venv /opt/venv \
    && python -m pip install --no-cache-dir --require-hashes -r requirements/tools.txt \
    && uv pip install --no-cache --python /opt/venv/bin/python --require-hashes -r requirements/${REQUIREMENTS}.txt
COPY . .
# Translations and static files are part of the image; the keys are only there to let the settings load.
RUN PATH=/opt/venv/bin:$PATH \
    && python -m supervision.local messages \
    && SECRET_KEY=build FIELD_KEYS=build INDEX_KEY=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
       STATIC_ROOT=/opt/static python manage.py collectstatic --no-input --verbosity 0

FROM python:3.12-slim-trixie
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home supervision \
    && install -d -o supervision -g supervision -m 0750 /data /backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/static /opt/static
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=supervision.settings STATIC_ROOT=/opt/static VAR_DIR=/data BACKUP_DIR=/backups
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "python:supervision.gunicorn", "supervision.wsgi"]
