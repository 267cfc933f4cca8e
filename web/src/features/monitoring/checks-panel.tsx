import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleSlash } from 'lucide-react'
import { Chip } from '@/components/chip'
import { Panel } from '@/components/page'
import { Failure, Waiting } from '@/components/states'
import { isMessage, useText } from '@/lib/i18n/text'
import { checksQuery } from './queries'

/** What readiness is made of, as the process that answers finds it. */
export function ChecksPanel() {
    const text = useText()
    const query = useQuery({ ...checksQuery, refetchInterval: 10_000 })
    const meaning = (name: string) => {
        const id = `checks.${name}`
        return isMessage(id) ? text(id) : name
    }
    return (
        <Panel title={text('checks.title')} note={text('checks.note')}>
            {query.data
                ? (
                    <ul className="flex flex-col gap-2" aria-label={text('checks.title')}>
                        {query.data.items.map(({ name, ok, reason }) => (
                            <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                                <Chip tone={ok ? 'good' : 'bad'} icon={ok ? CircleCheck : CircleSlash}>{text(ok ? 'checks.ok' : 'checks.failing')}</Chip>
                                <code>{name}</code>
                                <span className="text-ink-soft">{ok ? meaning(name) : reason}</span>
                            </li>
                        ))}
                    </ul>
                )
                : query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting height={64} />}
        </Panel>
    )
}
