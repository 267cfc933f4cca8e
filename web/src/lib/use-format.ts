import { formatFor, type Format } from './format'
import { useLocale } from './i18n/text'

export const useFormat = (): Format => formatFor(useLocale())
