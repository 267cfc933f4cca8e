import { useLocale, useText } from '@/lib/i18n/text'
import { problemText } from './states'

/** What was refused, beside what was asked. */
export function ErrorNote({ error }: { error: unknown }) {
    const text = useText()
    const locale = useLocale()
    if (!error) return null
    const { title, detail, requestId } = problemText(error, text, locale)
    return (
        <div role="alert" className="rounded-md bg-bad-wash px-3 py-2 text-sm text-bad">
            <p className="font-medium">{title}</p>
            <p>{detail}</p>
            {requestId && <p className="pt-1 text-xs">{text('error.request_id')} <code>{requestId}</code></p>}
        </div>
    )
}
