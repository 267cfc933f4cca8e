#include "src/monitoring/alert_words.hpp"

#include <format>
#include <utility>

namespace mobilytics::monitoring {

namespace {

struct Both {
    AlertWords english;
    AlertWords french;
};

// In the order of Rule.
// clang-format off
constexpr Both all_words[] = {
    {{"Jobs were given up", "The page Jobs shows the error of each; mend the cause, then run them again."},
     {"Des tâches ont été abandonnées",
      "La page Tâches montre l’erreur de chacune ; corrigez la cause, puis relancez-les."}},
    {{"Jobs wait too long", "Resume the kind if it is paused; else start another worker, or see why jobs are slow."},
     {"Des tâches attendent trop longtemps",
      "Reprenez ce type s’il est suspendu ; sinon, démarrez un autre processus ou cherchez pourquoi les tâches sont "
      "lentes."}},
    {{"Nobody keeps the jobs’ calendar", "Look at the workers' logs: none of them can write to jobs.leader."},
     {"Personne ne tient le calendrier des tâches",
      "Consultez les journaux des processus : aucun ne parvient à écrire dans jobs.leader."}},
    {{"Letters do not get out", "Look at mail.url and at the mail server; letters are tried again for ten hours."},
     {"Les courriels ne partent pas",
      "Vérifiez mail.url et le serveur de courriel ; chaque envoi est retenté pendant dix heures."}},
    {{"Numbers are behind", "See whether measurements.refresh fails or waits; what devices send is kept meanwhile."},
     {"Les chiffres sont en retard",
      "Voyez si measurements.refresh échoue ou attend ; ce que les appareils envoient est conservé entre-temps."}},
    {{"The trail was not signed", "See whether audit.sign_checkpoints fails; it needs audit.key and the object store."},
     {"Le journal d’audit n’a pas été signé",
      "Voyez si audit.sign_checkpoints échoue ; il lui faut audit.key et le stockage d’objets."}},
    {{"The trail is not what was written",
      "Run mobilytics audit verify; it names the event. Treat it as a break-in until you know better."},
     {"Le journal d’audit n’est plus ce qui a été écrit",
      "Lancez mobilytics audit verify, qui nomme l’événement. Considérez cela comme une intrusion jusqu’à preuve du "
      "contraire."}},
    {{"Many webhooks were disabled", "See whether this server can reach the outside at all: DNS, firewall, time."},
     {"Beaucoup de webhooks ont été désactivés",
      "Voyez si ce serveur peut joindre l’extérieur : DNS, pare-feu, heure."}},
    {{"A check of readiness fails", "/readyz?verbose of that process says why; it gets no requests meanwhile."},
     {"Un contrôle de disponibilité échoue",
      "/readyz?verbose de ce processus dit pourquoi ; il ne reçoit pas de requêtes entre-temps."}},
    {{"Open files run out", "Raise the limit of open files, or find who keeps connections open."},
     {"Les fichiers ouverts s’épuisent",
      "Relevez la limite de fichiers ouverts, ou cherchez qui garde des connexions ouvertes."}},
    {{"The disk is nearly full", "Make room on the home's disk or make it larger; a full one stops the database."},
     {"Le disque est presque plein",
      "Libérez de la place sur le disque du dossier home ou agrandissez-le ; plein, il arrête la base de données."}},
};
// clang-format on
static_assert(std::size(all_words) == std::to_underlying(Rule::disk_low) + 1U);

}  // namespace

AlertWords words_of(Rule rule, std::string_view locale) {
    const Both& both = all_words[std::to_underlying(rule)];
    return locale.starts_with("fr") ? both.french : both.english;
}

std::string told(const std::vector<Alert>& alerts, std::string_view locale) {
    const std::string_view colon = locale.starts_with("fr") ? " : " : ": ";
    std::string text;
    for (const Alert& alert : alerts) {
        const auto [title, action] = words_of(alert.rule, locale);
        if (!text.empty()) text += '\n';
        text += title;
        if (!alert.about.empty()) text += std::format(" ({})", alert.about);
        text += std::format("{}{}", colon, action);
    }
    return text;
}

}  // namespace mobilytics::monitoring
