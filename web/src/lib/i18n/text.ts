import { i18n, type Messages } from '@lingui/core'
import { useLingui } from '@lingui/react'
import { useCallback } from 'react'
import type english from './en-CA.json'

export type MessageId = keyof typeof english
export type Values = Record<string, string | number>
export type Text = (id: MessageId, values?: Values) => string

export const locales = ['en-CA', 'fr-CA'] as const
export type Locale = (typeof locales)[number]

type Catalogue = () => Promise<{ default: Messages }>

const first: Record<Locale, Catalogue> = {
    'en-CA': () => import('virtual:catalogue/en-CA'),
    'fr-CA': () => import('virtual:catalogue/fr-CA'),
}
const rest: Record<Locale, Catalogue> = {
    'en-CA': () => import('virtual:catalogue/en-CA/rest'),
    'fr-CA': () => import('virtual:catalogue/fr-CA/rest'),
}

let restIsWanted = false
let turns = 0

/** Of several that are asked for at once the last one stays. */
export async function activate(locale: Locale) {
    const turn = ++turns
    const messages = { ...(await first[locale]()).default }
    // Asked after the wait: a page may have wanted all words meanwhile.
    if (restIsWanted) Object.assign(messages, (await rest[locale]()).default)
    if (turn !== turns) return
    i18n.loadAndActivate({ locale, messages })
    document.documentElement.lang = locale
}

export const activeLocale = () => i18n.locale as Locale

/** From here on every language is loaded whole; ready when the present one is. */
export async function loadAllWords() {
    restIsWanted = true
    const { locale } = i18n
    i18n.load(locale, (await rest[locale as Locale]()).default)
}

/** Is there such a message? For ids made from what the server sends. */
export const isMessage = (id: string): id is MessageId => id in i18n.messages

/** What follows the prefix in the ids of messages that begin with it. */
export const messagesBelow = (prefix: string) =>
    Object.keys(i18n.messages).filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length))

/** The words of the reader's language by message id. */
export function useText(): Text {
    const { i18n: current } = useLingui()
    const { locale } = current
    // The locale is part of the function's identity, so that memoised callers follow a change of language.
    return useCallback((id: MessageId, values?: Values) => (locale ? current._(id, values) : ''), [current, locale])
}

export function useLocale(): Locale {
    return useLingui().i18n.locale as Locale
}

export function isLocale(value: string | null | undefined): value is Locale {
    return locales.includes(value as Locale)
}

/** The best of our locales for a list of BCP 47 tags, most wanted first. */
export function bestLocale(wanted: readonly string[]): Locale {
    for (const tag of wanted) {
        if (tag.toLowerCase().startsWith('fr')) return 'fr-CA'
        if (tag.toLowerCase().startsWith('en')) return 'en-CA'
    }
    return 'en-CA'
}
