import type { AuditEvent } from '@/api/schema'
import { DataTable } from '@/components/data-table'
import { Drawer } from '@/components/drawer'
import { Facts } from '@/components/page'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { actionWords, actorWords, valueWords } from './words'

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

/** All that is known of one event. */
export function EventDrawer({ event, zone, onClose }: { event: AuditEvent | undefined; zone: string; onClose: () => void }) {
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
                            [text('audit.actor_id'), event.actor.id],
                            [text('audit.impersonator'), event.actor.impersonator],
                            [text('audit.resource'), event.resource_label],
                            [text('audit.resource_id'), event.resource_id],
                            [text('audit.reason'), event.reason],
                            [text('audit.address'), event.address],
                            [text('audit.user_agent'), event.user_agent],
                            [text('audit.request_id'), event.request_id],
                            [text('audit.number'), format.exact(event.sequence)],
                        ] satisfies [string, string][]).filter(([, value]) => value !== '')}
                    />
                    <Changes event={event} />
                </div>
            )}
        </Drawer>
    )
}
