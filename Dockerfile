# The operator's image. Any Debian with Python 3.11 or later will do as a base.
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
RUN python3 -m venv /opt/psa-operator
COPY requirements/runtime.txt /src/requirements/runtime.txt
RUN /opt/psa-operator/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-compile \
        --only-binary=:all: --require-hashes -r /src/requirements/runtime.txt
# Our own package is plain Python: copied, not built, so that nothing unchecked is downloaded to build it.
COPY operator/psa_operator /src/psa_operator
RUN site=$(/opt/psa-operator/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
    && cp -r /src/psa_operator "$site/" \
    && printf '#!/opt/psa-operator/bin/python\nfrom psa_operator.cli import main\n\nmain()\n' \
        > /opt/psa-operator/bin/psa-operator \
    && chmod 0755 /opt/psa-operator/bin/psa-operator \
    && /opt/psa-operator/bin/python -m pip uninstall --yes --quiet pip \
    && /opt/psa-operator/bin/python -m compileall -q "$site"

FROM ${BASE_IMAGE}
ENV PATH=/opt/psa-operator/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp
COPY --from=build /opt/psa-operator /opt/psa-operator
# By number: Kubernetes can only prove of a number that it is not root.
USER 65532:65532
EXPOSE 8080
CMD ["psa-operator", "operator"]
