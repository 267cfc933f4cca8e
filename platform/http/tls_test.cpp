#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "platform/http/testing/loopback.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace {

namespace fs = std::filesystem;
using testing::Client;
using testing::Loopback;
using testing::request;

struct LongWord {
    std::string word;
};

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* held) const { Free(held); }
};
template <class T, void (*Free)(T*)>
using Held = std::unique_ptr<T, Freed<T, Free>>;

// A self-signed certificate and its key as PEM files.
void make_certificate(const fs::path& certificate_file, const fs::path& key_file, EVP_PKEY* of = EVP_EC_gen("P-256")) {
    Held<EVP_PKEY, EVP_PKEY_free> key{of};
    Held<X509, X509_free> certificate{X509_new()};
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    const auto* host = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    auto write = [](const fs::path& file, auto print) {
        std::FILE* out = std::fopen(file.c_str(), "w");
        print(out);
        std::fclose(out);
    };
    write(certificate_file, [&](std::FILE* out) { PEM_write_X509(out, certificate.get()); });
    write(key_file,
          [&](std::FILE* out) { PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

class TlsClient {
public:
    // `cipher`: the only one that is offered, of TLS 1.2.
    TlsClient(std::uint16_t port, int version, const char* cipher = nullptr)
        : context_{SSL_CTX_new(TLS_client_method())} {
        SSL_CTX_set_max_proto_version(context_.get(), version);
        if (cipher) {
            SSL_CTX_set_security_level(context_.get(), 0);
            EXPECT_EQ(SSL_CTX_set_cipher_list(context_.get(), cipher), 1) << cipher;
        }
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        tls_.reset(SSL_new(context_.get()));
        SSL_set_fd(tls_.get(), socket_);
        connected_ = SSL_connect(tls_.get()) == 1;
    }
    ~TlsClient() { ::close(socket_); }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool connected() const { return connected_; }
    std::string cipher() const { return SSL_get_cipher_name(tls_.get()); }
    // Everything until the server closes.
    std::string ask(std::string_view text) {
        SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()));
        std::string answer;
        char bytes[4096];
        while (true) {
            int length = SSL_read(tls_.get(), bytes, sizeof bytes);
            if (length <= 0) return answer;
            answer.append(bytes, static_cast<std::size_t>(length));
        }
    }

private:
    Held<SSL_CTX, SSL_CTX_free> context_;
    Held<SSL, SSL_free> tls_;
    int socket_ = -1;
    bool connected_ = false;
};

class TlsTest : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("mobilytics_tls_" + std::to_string(::getpid()));
        fs::create_directories(folder_);
        ServerOptions options;
        options.certificate_file = folder_ / "certificate.pem";
        options.key_file = folder_ / "key.pem";
        make_certificate(options.certificate_file, options.key_file);
        loopback_ = std::make_unique<Loopback>(options);
        auto group = loopback_->router.group("test");
        group.get("/v1/word", {.id = "word"}, []() -> Task<LongWord> { co_return LongWord{std::string(300000, 'w')}; });
        loopback_->start();
    }
    void TearDown() override {
        loopback_.reset();
        fs::remove_all(folder_);
    }

    fs::path folder_;
    std::unique_ptr<Loopback> loopback_;
};

TEST_F(TlsTest, AnswersOverTlsAndAsksForItFromThenOn) {
    TlsClient client{loopback_->port(), TLS1_3_VERSION};
    ASSERT_TRUE(client.connected());
    auto answer = client.ask(request("GET", "/v1/word", "Connection: close\r\n"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_NE(answer.find("\r\nStrict-Transport-Security: max-age="), std::string::npos);
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 300000u + 11);
}

TEST_F(TlsTest, OldVersionsAndPlainTextAreTurnedAway) {
    EXPECT_TRUE((TlsClient{loopback_->port(), TLS1_2_VERSION}.connected()));
    EXPECT_FALSE((TlsClient{loopback_->port(), TLS1_1_VERSION}.connected()));
    Client plain{loopback_->port()};
    plain.send(request("GET", "/v1/word"));
    EXPECT_EQ(plain.receive().status, 0);
    EXPECT_TRUE((TlsClient{loopback_->port(), TLS1_3_VERSION}.connected()));
}

TEST_F(TlsTest, AHandshakeThatFailsIsNoted) {
    ::testing::internal::CaptureStderr();
    Client plain{loopback_->port()};
    plain.send(request("GET", "/v1/word"));
    EXPECT_EQ(plain.receive().status, 0);
    log::flush();
    const std::string noted = ::testing::internal::GetCapturedStderr();
    EXPECT_TRUE(noted.contains("tls handshake failed")) << noted;
    EXPECT_TRUE(noted.contains("127.0.0.1")) << noted;
}

TEST_F(TlsTest, OnlyCiphersWithForwardSecrecyAndAuthenticationAreSpokenTheStrongestFirst) {
    for (const char* weak : {"ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA", "AES256-GCM-SHA384", "AES128-SHA",
                             "ECDHE-ECDSA-AES128-CCM8"})
        EXPECT_FALSE((TlsClient{loopback_->port(), TLS1_2_VERSION, weak}.connected())) << weak;
    TlsClient strong{loopback_->port(), TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"};
    ASSERT_TRUE(strong.connected());
    EXPECT_EQ(strong.cipher(), "ECDHE-ECDSA-AES256-GCM-SHA384");
    EXPECT_EQ((TlsClient{loopback_->port(), TLS1_3_VERSION}.cipher()), "TLS_AES_256_GCM_SHA384");
}

TEST_F(TlsTest, AKeyThatIsTooWeakStopsTheStart) {
    Router router;
    Readiness readiness;
    async::Runtime runtime{1, 1};
    ServerOptions options;
    options.certificate_file = folder_ / "weak.pem";
    options.key_file = folder_ / "weak_key.pem";
    make_certificate(options.certificate_file, options.key_file, EVP_RSA_gen(2048));
    EXPECT_THROW((Server{runtime, router, readiness, options}), std::runtime_error);
    make_certificate(options.certificate_file, options.key_file, EVP_RSA_gen(3072));
    EXPECT_NO_THROW((Server{runtime, router, readiness, options}));
}

TEST(Tls, FilesThatAreNotThereStopTheStart) {
    Router router;
    Readiness readiness;
    async::Runtime runtime{1, 1};
    ServerOptions options;
    options.certificate_file = "/nowhere/certificate.pem";
    options.key_file = "/nowhere/key.pem";
    EXPECT_THROW((Server{runtime, router, readiness, options}), std::exception);
}

}  // namespace

}  // namespace mobilytics::http
