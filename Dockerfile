# The product on the same package list as every other machine. Not built here: where this was written no image can
# be had. Try it with `docker build .`, or another base by --build-arg BASE=...
ARG BASE=debian:trixie
FROM ${BASE}
# Only the list first, so that the packages stay a cached layer while the sources change.
COPY tools/toolchain /mobilytics/tools/toolchain
RUN mkdir -p /etc/postgresql-common/createcluster.d \
    && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/mobilytics.conf \
    && apt-get update \
    && /mobilytics/tools/toolchain/build_root \
    && rm -rf /var/lib/apt/lists/*
COPY . /mobilytics
WORKDIR /mobilytics
RUN tools/toolchain/inside tools/toolchain/build release mobilytics \
    && tools/toolchain/inside tools/toolchain/build_web
ENV MOBILYTICS_HOME=/var/lib/mobilytics
VOLUME /var/lib/mobilytics
EXPOSE 8080
CMD ["./run"]
