import { actionWords } from '@/lib/i18n/action-words'
import { useText, type Text } from '@/lib/i18n/text'

/** Tests are sent to whom they are asked for and are not subscribed to: nothing that happened has their name. */
export const testType = 'webhook.test'

/** What a message of the type tells, in the reader's words: what happened has the same name in the trail. */
export const eventWords = (text: Text, type: string) => (type === testType ? text('webhooks.type.test') : actionWords(text, type))

/** The words, and below them the name that programs know it by. */
export function EventName({ type }: { type: string }) {
    const text = useText()
    const words = eventWords(text, type)
    return (
        <span className="flex flex-col py-0.5 leading-tight">
            {words !== type && <span>{words}</span>}
            <code lang="en" className="text-xs break-all text-ink-soft">{type}</code>
        </span>
    )
}
