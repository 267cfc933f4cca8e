"""An S3 server for tests: moto keeps the objects, and Amazon's own library computes every signature again.

s3_server.py PORT ACCESS_KEY SECRET_KEY. moto can check signatures itself, but reads the address decoded, so that a
slash in a parameter never fits.
"""

import io
import re
import sys

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.datastructures import EnvironHeaders
from werkzeug.serving import run_simple

REFUSED = b'<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code></Error>'


def is_signed(environ, body, access_key, secret_key):
    headers = EnvironHeaders(environ)
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/s3/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)",
        headers.get("Authorization", ""),
    )
    if not found or found[1] != access_key:
        return False
    signed = {name: headers[name] for name in found[3].split(";")}
    url = f"http://{headers['Host']}{environ['REQUEST_URI']}"
    request = AWSRequest(environ["REQUEST_METHOD"], url, signed, body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    auth = S3SigV4Auth(Credentials(access_key, secret_key), "s3", found[2])
    wanted = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    return wanted == found[4]


def main(port, access_key, secret_key):
    moto = DomainDispatcherApplication(create_backend_app)

    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        # Making the bucket is the test's own business.
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].count("/") == 1:
            return moto(environ, start_response)
        if not is_signed(environ, body, access_key, secret_key):
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [REFUSED]
        return moto(environ, start_response)

    run_simple("127.0.0.1", port, app, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:4])
