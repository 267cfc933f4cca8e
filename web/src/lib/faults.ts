// What the server says of a field, in the reader's language. It says it in English and in the words of the API; people
// who fill in a form are told what the form calls it.
import type { MessageId, Text, Values } from './i18n/text'

const known: [says: RegExp, id: MessageId, values?: string[]][] = [
    [/^(must not be empty|is missing|is required|is wanted)$/, 'fault.missing'],
    [/^must be after `from`$/, 'fault.after_from'],
    [/^must be in the future$/, 'fault.future'],
    [/^must be at most five years ago$/, 'fault.too_old'],
    [/^must be a whole hour$/, 'fault.whole_hour'],
    [/^must be a time from 00:00 to (?:23:59|24:00)$/, 'fault.time'],
    [/^must name at least one weekday$/, 'fault.weekday'],
    [/^must have at most (\d+) characters$/, 'fault.too_long', ['most']],
    [/^must have (\d+) to (\d+) characters$/, 'fault.length', ['least', 'most']],
    [/^is too short$/, 'fault.short'],
    [/^is too long$/, 'fault.long'],
    [/^must not have control characters$/, 'fault.control'],
    [/^must be an e-mail address$/, 'fault.email'],
    [/^is one of the passwords that are guessed first$/, 'fault.guessed'],
    [/^must not be the e-mail address$/, 'fault.password_is_email'],
    [/^is wrong$/, 'fault.wrong'],
    [/^must begin with https:\/\/$/, 'fault.https'],
    [/^must be more than 0 and at most 1$/, 'fault.share'],
    [/^must be more than 0$/, 'fault.positive'],
    [/^must be at least (-?\d+)$/, 'fault.at_least', ['least']],
    [/^must be at most (-?\d+)$/, 'fault.at_most', ['most']],
    [/^must be a whole number$/, 'fault.whole'],
    [/^must be between 0 and 1,000,000 people a visit$/, 'fault.factor'],
    [/^must be between 0 and the factor$/, 'fault.low'],
    [/^must be between the factor and 1,000,000$/, 'fault.high'],
    [/^must be between -90 and 90 degrees$/, 'fault.latitude'],
    [/^must be between -180 and 180 degrees$/, 'fault.longitude'],
    [/^must be an IP address, or a network without bits behind its prefix$/, 'fault.address'],
    [/^must be two capital letters \(ISO 3166-1\) such as CA$/, 'fault.country'],
    [/^must have 3 to 40 characters of a-z, 0-9 and hyphens between them$/, 'fault.sign_in_name'],
    [/^is taken$/, 'fault.taken'],
    [/^its discovery document names another issuer: /, 'fault.another_issuer'],
    [/^https?:\S+ answered /, 'fault.unreachable'],
    [/^must be an IANA time zone such as America\/Toronto$/, 'fault.zone'],
]

/** What has no words here stays in English for those who read it, and is "not accepted" for the others. */
export function faultText(detail: string, text: Text, locale: string): string {
    for (const [says, id, names = []] of known) {
        const found = says.exec(detail)
        if (found) return text(id, Object.fromEntries(names.map((name, i) => [name, found[i + 1]!])) as Values)
    }
    return locale.startsWith('en') ? detail : text('fault.other')
}
