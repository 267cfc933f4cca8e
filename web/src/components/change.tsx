import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'

/** How much more or less than before. The direction is a sign and a word: more is not always better, so no colour. */
export function Change({ share }: { share: number | null }) {
    const text = useText()
    const format = useFormat()
    if (share === null) return <>—</>
    const direction = share > 0.0005 ? 'up' : share < -0.0005 ? 'down' : 'same'
    return (
        <span className="tabular whitespace-nowrap">
            <span aria-hidden>{{ up: '▲', down: '▼', same: '=' }[direction]}</span>
            <span className="sr-only">{text(`change.${direction}`)}</span>
            {' '}{format.percent(Math.abs(share))}
        </span>
    )
}
