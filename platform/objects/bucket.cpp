#include <algorithm>
#include <format>

#include "platform/objects/objects.hpp"
#include "platform/objects/s3_answers.hpp"
#include "platform/outbound/client.hpp"

namespace mobilytics::objects {

namespace {

constexpr std::chrono::seconds patience{30};

class S3 final : public Objects {
public:
    explicit S3(Bucket bucket) : bucket_{std::move(bucket)}, client_{patience} {
        if (!bucket_.prefix.empty() && !bucket_.prefix.ends_with('/')) bucket_.prefix += '/';
    }

    bool put_new(std::string_view name, std::string_view bytes) override {
        const auto reply = send({.method = "PUT",
                                 .url = url_of(name),
                                 .headers = {"Content-Type: application/octet-stream", "If-None-Match: *"},
                                 .body = bytes});
        if (reply.status == 412 || reply.status == 409) return false;
        if (reply.status != 200) fail("PUT", name, reply);
        return true;
    }

    std::optional<std::string> get(std::string_view name) override {
        auto reply = send({.method = "GET", .url = url_of(name)});
        if (reply.status == 404) return std::nullopt;
        if (reply.status != 200) fail("GET", name, reply);
        return std::move(reply.body);
    }

    std::vector<std::string> list(std::string_view prefix) override {
        std::vector<std::string> names;
        std::string token;
        do {
            auto page = list_page(prefix, token);
            for (const auto& key : page.names) names.push_back(key.substr(bucket_.prefix.size()));
            token = std::move(page.next);
        } while (!token.empty());
        std::ranges::sort(names);
        return names;
    }

private:
    // Parameters are signed in the order of their names.
    ListPage list_page(std::string_view prefix, const std::string& token) {
        const auto url =
            std::format("{}/{}?{}list-type=2&prefix={}", bucket_.endpoint, bucket_.name,
                        token.empty() ? "" : std::format("continuation-token={}&", outbound::escaped(token)),
                        outbound::escaped(bucket_.prefix + std::string{prefix}));
        const auto reply = send({.method = "GET", .url = url});
        if (reply.status != 200) fail("LIST", prefix, reply);
        return read_list(reply.body);
    }

    std::string url_of(std::string_view name) const {
        check_name(name);
        return std::format("{}/{}/{}{}", bucket_.endpoint, bucket_.name, bucket_.prefix, name);
    }

    outbound::Reply send(outbound::Request request) {
        request.aws = outbound::AwsSignature{bucket_.region, "s3", bucket_.access_key, bucket_.secret_key};
        try {
            return client_.send(request);
        } catch (const outbound::Unreachable& error) {
            throw ObjectsError{std::format("{}: {}", bucket_.endpoint, error.what())};
        }
    }

    [[noreturn]] static void fail(std::string_view verb, std::string_view name, const outbound::Reply& reply) {
        throw ObjectsError{
            std::format("{} {}: the object store answered {} {}", verb, name, reply.status, read_error(reply.body))};
    }

    Bucket bucket_;
    outbound::Client client_;
};

}  // namespace

std::unique_ptr<Objects> in_bucket(Bucket bucket) { return std::make_unique<S3>(std::move(bucket)); }

}  // namespace mobilytics::objects
