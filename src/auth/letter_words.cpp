#include "src/auth/letter_words.hpp"

#include <utility>

namespace mobilytics::auth {

namespace {

struct Both {
    LetterWords english;
    LetterWords french;
};

constexpr std::string_view wishes_english = "You can do without letters like this one: Settings, Notices by mail.";
constexpr std::string_view wishes_french = "Vous pouvez vous passer de ces messages : Paramètres, Avis par courriel.";

// In the order of Letter.
// clang-format off
constexpr Both all_words[] = {
    {{"{inviter} invites you to {company} on Mobilytics", "Accept the invitation",
      {"{inviter} invites you to join {company} on Mobilytics as {role}.", link_here,
       "The link is good for seven days and works once. If you did not expect this, you can ignore it."}},
     {"{inviter} vous invite dans {company} sur Mobilytics", "Accepter l’invitation",
      {"{inviter} vous invite à rejoindre {company} sur Mobilytics en tant que {role}.", link_here,
       "Le lien est valable sept jours et ne sert qu’une fois. Si vous n’attendiez pas ce message, ignorez-le."}}},
    {{"Choose a new password for Mobilytics", "Choose a new password",
      {"Somebody, most likely you, asked for a new password for this address.", link_here,
       "The link is good for 45 minutes and works once. If it was not you, ignore this: nothing has changed."}},
     {"Choisissez un nouveau mot de passe Mobilytics", "Choisir un nouveau mot de passe",
      {"Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour cette adresse.", link_here,
       "Le lien est valable 45 minutes et ne sert qu’une fois. Si ce n’était pas vous, ignorez ce message : votre mot "
       "de passe reste le même."}}},
    {{"Confirm your e-mail address", "Confirm the address",
      {"Confirm that this address is yours. From then on you sign in to Mobilytics with it.", link_here,
       "The link is good for 45 minutes and works once. If you did not ask for it, ignore this."}},
     {"Confirmez votre adresse de courriel", "Confirmer l’adresse",
      {"Confirmez que cette adresse est la vôtre. Vous l’utiliserez ensuite pour vous connecter à Mobilytics.",
       link_here,
       "Le lien est valable 45 minutes et ne sert qu’une fois. Si vous n’avez rien demandé, ignorez ce message."}}},
    {{"This address has an account already", "",
      {"Somebody wants to sign in to Mobilytics with this address, but it already belongs to an account. Nothing was "
       "changed.",
       "If it was you, sign in with this address, or ask for a new password on the sign-in page."}},
     {"Cette adresse a déjà un compte", "",
      {"Quelqu’un veut se connecter à Mobilytics avec cette adresse, mais elle appartient déjà à un compte. Rien n’a "
       "changé.",
       "Si c’était vous, connectez-vous avec cette adresse ou demandez un nouveau mot de passe sur la page d’accès."}}},
    {{"Your password was changed", "",
      {"The password of your Mobilytics account was changed, and other sessions were signed out.",
       "If it was not you, ask for a new password on the sign-in page at once and tell your company’s owner."}},
     {"Votre mot de passe a été changé", "",
      {"Le mot de passe de votre compte Mobilytics a été changé, et les autres sessions ont été fermées.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"Your e-mail address was changed", "",
      {"Your Mobilytics account now uses the address {email}. This address no longer signs in.",
       "If it was not you, tell your company’s owner at once."}},
     {"Votre adresse de courriel a été changée", "",
      {"Votre compte Mobilytics utilise maintenant l’adresse {email}. Celle-ci ne permet plus de se connecter.",
       "Si ce n’était pas vous, avertissez tout de suite le propriétaire de votre entreprise."}}},
    {{"Your role in {company} was changed", "",
      {"Your role in {company} is now: {role}.", "What you may do has changed with it. Ask the company’s owner if this "
       "is a surprise."}},
     {"Votre rôle dans {company} a changé", "",
      {"Votre rôle dans {company} est maintenant : {role}.", "Ce que vous pouvez faire a changé aussi. Si cela vous "
       "surprend, adressez-vous au propriétaire de l’entreprise."}}},
    {{"You were removed from {company}", "",
      {"You no longer belong to {company} on Mobilytics. Your account stays.",
       "API keys that you made for the company were revoked."}},
     {"Vous ne faites plus partie de {company}", "",
      {"Vous ne faites plus partie de {company} sur Mobilytics. Votre compte demeure.",
       "Les clés d’API que vous aviez créées pour l’entreprise ont été révoquées."}}},
    {{"A second factor was added to your account", "",
      {"From now on signing in to Mobilytics asks for a code of your authenticator app beside the password.",
       "If it was not you, ask for a new password on the sign-in page at once and tell your company’s owner."}},
     {"Un second facteur a été ajouté à votre compte", "",
      {"Désormais, la connexion à Mobilytics demande un code de votre application d’authentification en plus du mot de "
       "passe.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"The second factor of your account was taken away", "",
      {"Signing in to Mobilytics asks for your password alone again.",
       "If it was not you, ask for a new password on the sign-in page at once and tell your company’s owner."}},
     {"Le second facteur de votre compte a été retiré", "",
      {"La connexion à Mobilytics ne demande plus que votre mot de passe.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"You have new recovery codes", "",
      {"New recovery codes were made for your Mobilytics account. Those before are good no more.",
       "If it was not you, ask for a new password on the sign-in page at once and tell your company’s owner."}},
     {"Vous avez de nouveaux codes de secours", "",
      {"De nouveaux codes de secours ont été créés pour votre compte Mobilytics. Les anciens ne servent plus.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"A recovery code of yours was used", "",
      {"Somebody, most likely you, gave a recovery code in place of the authenticator app. The code is good no more.",
       "If it was not you, ask for a new password on the sign-in page at once and tell your company’s owner."}},
     {"Un de vos codes de secours a été utilisé", "",
      {"Quelqu’un, sans doute vous, a donné un code de secours à la place de l’application d’authentification. Ce "
       "code ne sert plus.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"A passkey was added to your account", "",
      {"From now on the passkey “{subject}” signs in to your Mobilytics account, and your password alone does not any "
       "more.",
       "If it was not you, remove the passkey under Security, change your password and tell your company’s owner."}},
     {"Une clé d’accès a été ajoutée à votre compte", "",
      {"Désormais, la clé d’accès « {subject} » permet de se connecter à votre compte Mobilytics, et le mot de passe "
       "seul ne suffit plus.",
       "Si ce n’était pas vous, retirez la clé d’accès à la page Sécurité, changez de mot de passe et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"A passkey of your account was removed", "",
      {"The passkey “{subject}” does not sign in to your Mobilytics account any more.",
       "If it was not you, ask for a new password on the sign-in page at once and tell your company’s owner."}},
     {"Une clé d’accès de votre compte a été retirée", "",
      {"La clé d’accès « {subject} » ne permet plus de se connecter à votre compte Mobilytics.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "propriétaire de votre entreprise."}}},
    {{"A passkey of yours may have been copied", "",
      {"Somebody used the passkey “{subject}”, and its counter went back: there may be a copy of it. The sign-in was "
       "refused.",
       "Remove that passkey under Security, add a new one, and tell your company’s owner."}},
     {"Une de vos clés d’accès a peut-être été copiée", "",
      {"Quelqu’un a utilisé la clé d’accès « {subject} », et son compteur a reculé : il en existe peut-être une copie. "
       "La connexion a été refusée.",
       "Retirez cette clé d’accès à la page Sécurité, ajoutez-en une autre et avertissez le propriétaire de votre "
       "entreprise."}}},
    {{"A token of {company} was used twice", "",
      {"A refresh token of the API key “{subject}” of {company} was shown again after its successor had been given "
       "out: it is in two hands. All tokens that came of it were ended.",
       "If the program itself did not lose an answer, somebody copied the token. Look at the audit for where it came "
       "from, and give the key a new secret on the page of API keys."}},
     {"Un jeton de {company} a servi deux fois", "",
      {"Un jeton de renouvellement de la clé d’API « {subject} » de {company} a été présenté de nouveau alors que son "
       "successeur avait été remis : il est entre deux mains. Tous les jetons qui en découlent ont pris fin.",
       "Si ce n’est pas le programme lui-même qui a perdu une réponse, quelqu’un a copié le jeton. Voyez dans le "
       "journal d’audit d’où il venait, et donnez un nouveau secret à la clé à la page des clés d’API."}}},
    {{"A way back into your account", "Go on, or stop it",
      {"Mobilytics’ support began a way back for you, since you lost your phone and recovery codes. With the "
       "link and your "
       "password you take away the authenticator app, passkeys and recovery codes of your account.",
       link_here,
       "The link is good for 24 hours and works once. If you did not ask for it, open it and choose Stop, and do "
       "not give "
       "your password: somebody may be speaking in your name."}},
     {"Un moyen de retrouver votre compte", "Continuer, ou arrêter",
      {"Le soutien de Mobilytics a ouvert pour vous un moyen de retrouver votre compte, puisque vous avez perdu votre "
       "téléphone et vos codes de secours. Avec ce lien et votre mot de passe, vous en retirez l’application "
       "d’authentification, les clés d’accès et les codes de secours.",
       link_here,
       "Le lien est valable 24 heures et ne sert qu’une fois. Si vous n’avez rien demandé, ouvrez-le et choisissez "
       "Arrêter, sans donner votre mot de passe : quelqu’un parle peut-être en votre nom."}}},
    {{"Your second factors were taken away", "",
      {"The authenticator app, passkeys and recovery codes of your Mobilytics account were taken away, and all "
       "sessions were "
       "signed out. Signing in asks for your password alone.",
       "Add a second factor under Security as soon as you can.",
       "If it was not you, ask for a new password on the sign-in page at once, and tell Mobilytics’ support."}},
     {"Vos seconds facteurs ont été retirés", "",
      {"L’application d’authentification, les clés d’accès et les codes de secours de votre compte Mobilytics ont été "
       "retirés, et toutes les sessions ont été fermées. La connexion ne demande plus que votre mot de passe.",
       "Ajoutez un second facteur à la page Sécurité dès que possible.",
       "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe à la page de connexion et avertissez le "
       "soutien de Mobilytics."}}},
    {{"Your account was disabled", "",
      {"Mobilytics’ staff disabled your account. All sessions were signed out, and API keys that you made were "
       "revoked.",
       "If that is a surprise, write to Mobilytics’ support."}},
     {"Votre compte a été désactivé", "",
      {"Le personnel de Mobilytics a désactivé votre compte. Toutes les sessions ont été fermées, et les clés "
       "d’API que "
       "vous aviez créées ont été révoquées.",
       "Si cela vous surprend, écrivez au soutien de Mobilytics."}}},
    {{"Your account works again", "",
      {"Mobilytics’ staff enabled your account: you can sign in again.", "API keys that were revoked stay revoked."}},
     {"Votre compte fonctionne de nouveau", "",
      {"Le personnel de Mobilytics a réactivé votre compte : vous pouvez vous connecter de nouveau.",
       "Les clés d’API révoquées le restent."}}},
    {{"You are now a member of Mobilytics’ staff", "",
      {"Your role among Mobilytics’ staff is now: {subject}.", "If that is a surprise, tell an admin of Mobilytics at "
       "once."}},
     {"Vous faites maintenant partie du personnel de Mobilytics", "",
      {"Votre rôle dans le personnel de Mobilytics est maintenant : {subject}.",
       "Si cela vous surprend, avertissez tout de suite un administrateur de Mobilytics."}}},
    {{"You are no longer a member of Mobilytics’ staff", "",
      {"You are no longer a member of Mobilytics’ staff. All sessions were signed out, and your staff keys were "
       "revoked.",
       "Your account stays."}},
     {"Vous ne faites plus partie du personnel de Mobilytics", "",
      {"Vous ne faites plus partie du personnel de Mobilytics. Toutes les sessions ont été fermées, et vos clés du "
       "personnel ont été révoquées.",
       "Votre compte demeure."}}},
    {{"A webhook of {company} was disabled", "",
      {"A webhook of {company} answered nothing useful for so long that it was disabled: {subject}",
       "Nothing is sent to it any more. Put its program right, then enable it on the page Webhooks. "
       "What happened meanwhile is not sent later; what failed before can be sent again there.",
       wishes_english}},
     {"Un webhook de {company} a été désactivé", "",
      {"Un webhook de {company} n’a rien répondu d’utile pendant si longtemps qu’il a été désactivé : {subject}",
       "Plus rien ne lui est envoyé. Réparez son programme, puis réactivez-le à la page Webhooks. "
       "Ce qui est arrivé entre-temps n’est pas envoyé plus tard; ce qui avait échoué avant peut y être renvoyé.",
       wishes_french}}},
    {{"An API key of {company} ends on {day}", "",
      {"The API key “{subject}” of {company} ends on {day} (UTC). Programs that use it are refused from then on.",
       "Give it a new secret and a new end on the page of API keys, or let it end.", wishes_english}},
     {"Une clé d’API de {company} expire le {day}", "",
      {"La clé d’API « {subject} » de {company} expire le {day} (UTC). Les programmes qui l’utilisent seront alors "
       "refusés.",
       "Donnez-lui un nouveau secret et une nouvelle fin à la page des clés d’API, ou laissez-la expirer.",
       wishes_french}}},
    {{"{subject} joined {company}", "",
      {"{subject} is now a member of {company} on Mobilytics.",
       "If that is a surprise, look at the audit of your company, and remove the member.", wishes_english}},
     {"{subject} a rejoint {company}", "",
      {"{subject} fait maintenant partie de {company} sur Mobilytics.",
       "Si cela vous surprend, consultez le journal d’audit de votre entreprise et retirez le membre.",
       wishes_french}}},
    {{"A provider now signs people in to {company}", "",
      {"An owner of {company} has set a provider that signs its people in on Mobilytics. It can let in whom it likes, "
       "as any member.",
       "If that is a surprise, look at the audit of your company, and remove the provider under Settings."}},
     {"Un fournisseur connecte maintenant les gens de {company}", "",
      {"Un propriétaire de {company} a défini un fournisseur qui connecte ses gens à Mobilytics. Il peut laisser "
       "entrer qui il veut, comme n’importe quel membre.",
       "Si cela vous surprend, consultez le journal d’audit de votre entreprise et retirez le fournisseur dans les "
       "paramètres."}}},
    {{"{company} is suspended on Mobilytics", "",
      {"Mobilytics has suspended {company}. Its people and API keys are kept out from now on. All data is kept, and "
       "its devices go on delivering.",
       "Write to Mobilytics’ support to learn why, and what to do."}},
     {"{company} est suspendue sur Mobilytics", "",
      {"Mobilytics a suspendu {company}. Ses gens et ses clés d’API restent dehors dès maintenant. Toutes les données "
       "sont conservées, et ses appareils continuent d’envoyer.",
       "Écrivez au soutien de Mobilytics pour savoir pourquoi, et que faire."}}},
    {{"{company} is reinstated on Mobilytics", "",
      {"Mobilytics has reinstated {company}. Its people and API keys get in again."}},
     {"{company} est rétablie sur Mobilytics", "",
      {"Mobilytics a rétabli {company}. Ses gens et ses clés d’API entrent de nouveau."}}},
};
// clang-format on

bool is_french(std::string_view locale) { return locale.starts_with("fr"); }

}  // namespace

const LetterWords& words_of(Letter letter, std::string_view locale) {
    const Both& both = all_words[std::to_underlying(letter)];
    return is_french(locale) ? both.french : both.english;
}

std::string_view greeting(std::string_view locale, bool by_name) {
    if (is_french(locale)) return by_name ? "Bonjour {name}," : "Bonjour,";
    return by_name ? "Hello {name}," : "Hello,";
}

std::string_view role_word(Role role, std::string_view locale) {
    static constexpr std::string_view english[] = {"owner", "manager", "analyst", "viewer", "installer", "billing"};
    static constexpr std::string_view french[] = {"propriétaire", "gestionnaire", "analyste",
                                                  "lecteur",      "installateur", "facturation"};
    return (is_french(locale) ? french : english)[std::to_underlying(role)];
}

std::string_view staff_role_word(StaffRole role, std::string_view locale) {
    static constexpr std::string_view english[] = {"support", "fulfilment", "finance", "admin"};
    static constexpr std::string_view french[] = {"soutien", "logistique", "finances", "administration"};
    return (is_french(locale) ? french : english)[std::to_underlying(role)];
}

}  // namespace mobilytics::auth
