#include "platform/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <sstream>

#include "platform/log/log.hpp"

namespace mobilytics::metrics {

namespace {

struct About {
    std::string name, help;
    Kind kind = Kind::gauge;
};

struct Sampled {
    About about;
    std::function<std::vector<Sample>()> take;
};

struct Asked {
    About about;
    std::function<Task<std::vector<Sample>>()> ask;
    Counter failed;
};

prometheus::MetricFamily family_of(const About& about, const std::vector<Sample>& samples) {
    prometheus::MetricFamily family;
    family.name = about.name;
    family.help = about.help;
    family.type = about.kind == Kind::counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    for (const Sample& sample : samples) {
        auto& metric = family.metric.emplace_back();
        for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
        (about.kind == Kind::counter ? metric.counter.value : metric.gauge.value) = sample.value;
    }
    return family;
}

}  // namespace

struct Registry::State {
    prometheus::Registry counted;
    std::mutex mutex;
    std::vector<std::shared_ptr<const Sampled>> sampled;
    std::vector<std::shared_ptr<const Asked>> asked;
};

void Counter::add(double amount) const {
    if (of_ != nullptr) of_->Increment(amount);
}

void Histogram::observe(double value) const {
    if (of_ != nullptr) of_->Observe(value);
}

Registry::Registry() : state_{std::make_unique<State>()} {}
Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
    return Counter{prometheus::BuildCounter().Name(name).Help(help).Register(state_->counted).Add(labels)};
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const Labels& labels,
                              const std::vector<double>& bounds) {
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->counted);
    return Histogram{family.Add(labels, prometheus::Histogram::BucketBoundaries{bounds})};
}

void Registry::sampled(std::string name, std::string help, Kind kind, std::function<std::vector<Sample>()> take) {
    auto added = std::make_shared<const Sampled>(Sampled{{std::move(name), std::move(help), kind}, std::move(take)});
    const std::scoped_lock lock{state_->mutex};
    state_->sampled.push_back(std::move(added));
}

void Registry::asked(std::string name, std::string help, Kind kind, std::function<Task<std::vector<Sample>>()> ask) {
    auto failed = counter("metrics_failed_total", "Times that a family could not be asked for.", {{"family", name}});
    auto added = std::make_shared<const Asked>(Asked{{std::move(name), std::move(help), kind}, std::move(ask), failed});
    const std::scoped_lock lock{state_->mutex};
    state_->asked.push_back(std::move(added));
}

Task<std::string> Registry::text() {
    std::vector<std::shared_ptr<const Sampled>> sampled;
    std::vector<std::shared_ptr<const Asked>> asked;
    {
        const std::scoped_lock lock{state_->mutex};
        sampled = state_->sampled;
        asked = state_->asked;
    }
    std::vector<prometheus::MetricFamily> answered;
    for (const auto& one : asked) {
        try {
            auto samples = co_await one->ask();
            answered.push_back(family_of(one->about, samples));
        } catch (const std::exception& failure) {
            one->failed.add();
            log::warn("a metric could not be asked for", {{"family", one->about.name}, {"what", failure.what()}});
        }
    }
    auto families = state_->counted.Collect();
    for (const auto& one : sampled) families.push_back(family_of(one->about, one->take()));
    std::ranges::move(answered, std::back_inserter(families));
    std::ostringstream out;
    prometheus::TextSerializer{}.Serialize(out, families);
    co_return std::move(out).str();
}

}  // namespace mobilytics::metrics
