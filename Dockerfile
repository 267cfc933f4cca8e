# The product as it is served: the program, its pages, PostgreSQL with its extensions, and what they load. No compilers, no
# sources, no demo; an unprivileged user. Not built here: where this was written no image can be had. Try it with
# `docker build .`, or another base by --build-arg BASE=...
#
#   docker run -v mobilytics:/var/lib/mobilytics -p 8080:8080 -e MOBILYTICS_SERVER_BEHIND_PROXY=true -e MOBILYTICS_SERVER_URL=https://... mobilytics
#
# Without a certificate (MOBILYTICS_SERVER_CERTIFICATE_FILE, _KEY_FILE) or a proxy that speaks TLS in front it refuses to be
# reached from outside the container.
ARG BASE=debian:trixie

FROM ${BASE} AS build
# Only the list first, so that the packages stay a cached layer while the sources change.
COPY tools/toolchain /mobilytics/tools/toolchain
RUN mkdir -p /etc/postgresql-common/createcluster.d \
    && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/mobilytics.conf \
    && apt-get update \
    && /mobilytics/tools/toolchain/build_root
COPY . /mobilytics
WORKDIR /mobilytics
RUN tools/toolchain/inside tools/toolchain/build release mobilytics \
    && tools/toolchain/inside tools/toolchain/build_web
# The program and the libraries that it loads when it needs them, stripped, and the packages of what these link.
RUN mkdir -p /served/bin /served/lib /served/web \
    && cp build/release/app/mobilytics /served/bin/ \
    && cp build/release/lib/libgeofiles_gdal.so /served/lib/ \
    && strip /served/bin/* /served/lib/* \
    && cp -r web/dist/. /served/web/ \
    && ldd /served/bin/* /served/lib/* | awk '$2 == "=>" { print $3 }' | sort -u | xargs -n1 realpath | xargs dpkg -S | cut -d: -f1 | sort -u > /served/packages

FROM ${BASE}
COPY --from=build /served/packages /tmp/packages
RUN mkdir -p /etc/postgresql-common/createcluster.d \
    && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/mobilytics.conf \
    && apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata $(cat /tmp/packages) postgresql-17 \
       postgresql-client-17 postgresql-17-timescaledb postgresql-17-postgis-3 postgresql-17-hll \
    && rm -rf /var/lib/apt/lists/* /tmp/packages \
    && useradd --system --home-dir /var/lib/mobilytics --create-home --shell /usr/sbin/nologin mobilytics
COPY --from=build /served/bin /opt/mobilytics/bin
COPY --from=build /served/lib /opt/mobilytics/lib
COPY --from=build /served/web /opt/mobilytics/web
ENV PATH=/opt/mobilytics/bin:/usr/lib/postgresql/17/bin:/usr/bin:/bin
USER mobilytics
VOLUME /var/lib/mobilytics
EXPOSE 8080
CMD ["mobilytics", "serve", "--home", "/var/lib/mobilytics", "--address", "0.0.0.0", "--web", "/opt/mobilytics/web"]
