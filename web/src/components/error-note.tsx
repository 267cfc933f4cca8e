import { isChanged } from '@/api/client'
import { useLocale, useText } from '@/lib/i18n/text'
import { Button } from './button'
import { problemText } from './states'

/** Shows what is there now. */
export type Load = () => Promise<unknown>

/** What was refused, beside what was asked; where somebody else was quicker (`isStale`), with a way to see what they did. */
export function ErrorNote({ error, load, isStale = isChanged }: {
    error: unknown; load?: Load | undefined; isStale?: (error: unknown) => boolean
}) {
    const text = useText()
    const locale = useLocale()
    if (!error) return null
    const { title, detail, requestId } = problemText(error, text, locale)
    return (
        <div role="alert" className="rounded-md bg-bad-wash px-3 py-2 text-sm text-bad">
            <p className="font-medium">{title}</p>
            <p>{detail}</p>
            {requestId && <p className="pt-1 text-xs">{text('error.request_id')} <code>{requestId}</code></p>}
            {load && isStale(error) && <div className="pt-2"><Button onPress={() => void load()}>{text('action.load_now')}</Button></div>}
        </div>
    )
}
