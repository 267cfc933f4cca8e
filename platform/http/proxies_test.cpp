#include "platform/http/proxies.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mobilytics::http {

namespace {

std::vector<Header> forwarded_for(std::vector<std::string_view> lines, std::string_view name = "X-Forwarded-For") {
    std::vector<Header> headers{{"Host", "app.example.com"}};
    for (const auto line : lines) headers.push_back({name, line});
    return headers;
}

const std::vector<std::string> ours{"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"};

TEST(Proxies, AreBelievedOnlyWhenTheyAreNamed) {
    const auto said = forwarded_for({"203.0.113.5"});
    EXPECT_EQ(Proxies{}.caller("10.1.2.3", said), "10.1.2.3");
    EXPECT_EQ(Proxies{ours}.caller("10.1.2.3", said), "203.0.113.5");
    EXPECT_EQ(Proxies{ours}.caller("192.0.2.7", said), "203.0.113.5");
    EXPECT_EQ(Proxies{ours}.caller("192.0.2.8", said), "192.0.2.8") << "a stranger says what they like";
    EXPECT_EQ(Proxies{ours}.caller("2001:db8::1", said), "203.0.113.5");
    EXPECT_EQ(Proxies{ours}.caller("10.1.2.3", forwarded_for({})), "10.1.2.3");
}

TEST(Proxies, AreReadFromTheRightSoThatNobodyForgesWhoTheyAre) {
    const Proxies proxies{ours};
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"198.51.100.1, 203.0.113.5"})), "203.0.113.5");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"198.51.100.1, 203.0.113.5, 10.9.9.9"})), "203.0.113.5");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"198.51.100.1", "203.0.113.5"})), "203.0.113.5");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"10.0.0.1, 10.0.0.2"})), "10.0.0.1") << "all are ours";
}

TEST(Proxies, EndAtWhatIsNoAddress) {
    const Proxies proxies{ours};
    for (const auto text : {"unknown", "", "203.0.113.5, <script>", "203.0.113.5,", "999.1.1.1"})
        EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({text})), "10.1.2.3") << text;
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"nobody, 10.4.4.4"})), "10.4.4.4");
}

TEST(Proxies, MayNamePortsAndNewAddresses) {
    const Proxies proxies{ours};
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"203.0.113.5:4711"})), "203.0.113.5");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"2001:db9::5"})), "2001:db9::5");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"[2001:db9::5]:4711"})), "2001:db9::5");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"::ffff:203.0.113.5"})), "203.0.113.5");
}

TEST(Proxies, MaySpeakByTheStandardInsteadAndThenByThatAlone) {
    const Proxies proxies{ours, ProxyHeader::forwarded};
    const auto standard = [](std::string_view text) { return forwarded_for({text}, "Forwarded"); };
    EXPECT_EQ(proxies.caller("10.1.2.3", standard("for=203.0.113.5;proto=https;by=10.1.2.3")), "203.0.113.5");
    EXPECT_EQ(proxies.caller("10.1.2.3", standard("for=198.51.100.1, proto=https; For=\"[2001:db9::5]:80\"")),
              "2001:db9::5");
    EXPECT_EQ(proxies.caller("10.1.2.3", standard("for=_hidden")), "10.1.2.3");
    EXPECT_EQ(proxies.caller("10.1.2.3", standard("proto=https")), "10.1.2.3");
    EXPECT_EQ(proxies.caller("10.1.2.3", forwarded_for({"203.0.113.5"})), "10.1.2.3");
    EXPECT_EQ(Proxies{ours}.caller("10.1.2.3", standard("for=203.0.113.5")), "10.1.2.3");
}

TEST(Proxies, ThatAreNoNetworksStopTheStart) {
    for (const std::string text : {"proxy.example.com", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", ""}) {
        const std::vector<std::string> one{text};
        EXPECT_THROW(Proxies{one}, std::invalid_argument) << text;
    }
}

}  // namespace

}  // namespace mobilytics::http
