import { UserRoundSearch } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AuditEvent } from '@/api/schema'
import { Button } from '@/components/button'
import { DataTable } from '@/components/data-table'
import { Drawer } from '@/components/drawer'
import { Facts } from '@/components/page'
import { actionWords } from '@/lib/i18n/action-words'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { actorWords, methodWords, valueWords } from './words'

interface Change { field: string; from?: unknown; to?: unknown }

const changesOf = (event: AuditEvent): Change[] =>
    Object.entries(event.changes as Record<string, { from?: unknown; to?: unknown }>).map(([field, change]) => ({ field, ...change }))

function Changes({ event }: { event: AuditEvent }) {
    const text = useText()
    const rows = changesOf(event)
    if (rows.length === 0) return null
    return (
        <DataTable
            label={text('audit.changes')} rows={rows} rowKey={(row) => row.field}
            columns={[
                { id: 'field', header: text('audit.field'), value: (row) => row.field },
                { id: 'from', header: text('audit.before'), value: (row) => valueWords(row.from) },
                { id: 'to', header: text('audit.after'), value: (row) => (row.to === 'hidden' ? text('audit.hidden') : valueWords(row.to)) },
            ]}
        />
    )
}

/** One press selects the whole of it. */
const idOf = (id: string) => id && <code className="select-all">{id}</code>

/** All that is known of one event. */
export function EventDrawer({ event, zone, onClose, onActor }: {
    event: AuditEvent | undefined; zone: string; onClose: () => void
    /** Shows all that the one who did this did */
    onActor: (actor: AuditEvent['actor']) => void
}) {
    const text = useText()
    const format = useFormat()
    return (
        <Drawer title={event ? actionWords(text, event.action) : ''} isOpen={event !== undefined} onClose={onClose}>
            {event && (
                <div className="flex flex-col gap-5">
                    <Facts
                        items={([
                            [text('audit.at'), format.dateTime(event.at, zone)],
                            [text('audit.who'), actorWords(text, event)],
                            [text('audit.actor_id'), idOf(event.actor.id)],
                            [text('audit.impersonator'), idOf(event.actor.impersonator)],
                            [text('audit.method'), event.method && methodWords(text, event.method)],
                            [text('audit.session'), idOf(event.session)],
                            [text('audit.resource'), event.resource_label],
                            [text('audit.resource_id'), idOf(event.resource_id)],
                            [text('audit.reason'), event.reason],
                            [text('audit.address'), event.address],
                            [text('audit.user_agent'), event.user_agent],
                            [text('audit.request_id'), idOf(event.request_id)],
                            [text('audit.trace_id'), idOf(event.trace_id)],
                            [text('audit.number'), format.exact(event.sequence)],
                        ] satisfies [string, ReactNode][]).filter(([, value]) => value !== '')}
                    />
                    {event.actor.id && (
                        <div>
                            <Button onPress={() => onActor(event.actor)}>
                                <UserRoundSearch size={14} aria-hidden />{text('audit.only_theirs', { name: actorWords(text, event) })}
                            </Button>
                        </div>
                    )}
                    <Changes event={event} />
                </div>
            )}
        </Drawer>
    )
}
