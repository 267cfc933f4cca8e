import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, Download, ScrollText } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { itemsOf } from '@/api/queries'
import type { AuditEvent } from '@/api/schema'
import { useSession } from '@/api/session'
import { buttonClass } from '@/components/button'
import { Chip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { ListView } from '@/components/list-view'
import { Page } from '@/components/page'
import { Empty, NoneMatch } from '@/components/states'
import { actionWords } from '@/lib/i18n/action-words'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { EventDrawer } from './event-drawer'
import { AuditFilters } from './filters'
import { auditQuery, exportLink } from './queries'
import { actorWords } from './words'

const everything = { noun: undefined, action: undefined, actor: undefined, outcome: undefined, company: undefined, q: undefined, from: undefined, to: undefined }
const none: readonly AuditEvent[] = []

function useColumns(zone: string, open: (event: AuditEvent) => void): Column<AuditEvent>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        {
            id: 'action', header: text('audit.action'), value: (event) => actionWords(text, event.action), wide: true,
            cell: (event) => (
                <button type="button" className="cursor-pointer text-left hover:underline" onClick={() => open(event)}>
                    {actionWords(text, event.action)}
                </button>
            ),
        },
        {
            id: 'resource', header: text('audit.resource'), value: (event) => event.resource_label || event.resource_id,
            cell: (event) => event.resource_label || <code className="text-xs">{event.resource_id || '—'}</code>,
        },
        { id: 'who', header: text('audit.who'), value: (event) => actorWords(text, event) },
        {
            id: 'at', header: text('audit.at'), value: (event) => event.sequence,
            cell: (event) => format.dateTime(event.at, zone),
        },
        { id: 'address', header: text('audit.address'), value: (event) => event.address || null },
        {
            id: 'outcome', header: text('audit.outcome'), value: (event) => event.outcome,
            cell: (event) => event.outcome === 'refused'
                ? <Chip tone="bad" icon={Ban}>{text('audit.outcome.refused')}</Chip>
                : text('audit.outcome.success'),
        },
    ], [text, format, zone, open])
}

/** What was done in the company, by whom and from where; for staff, what belongs to no company. */
export function AuditPage() {
    const text = useText()
    const found = useSearch({ from: '/shell/audit' })
    const navigate = useNavigate({ from: '/audit' })
    const zone = useSession().company?.zone ?? 'UTC'
    const query = useInfiniteQuery({ ...auditQuery(found, zone), placeholderData: keepPreviousData })
    const search = useCallback(
        (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true }), [navigate])
    const events = itemsOf(query.data)
    const columns = useColumns(zone, useCallback((event: AuditEvent) => search({ event: event.id }), [search]))
    const isFiltered = Object.keys(everything).some((name) => found[name as keyof typeof everything] !== undefined)
    const download = (format: 'csv' | 'json') => (
        <a href={exportLink(found, zone, format)} download className={buttonClass()}>
            <Download size={14} aria-hidden />{text(`audit.export.${format}`)}
        </a>
    )
    return (
        <Page title={text('nav.audit')} action={<div className="flex gap-2">{download('csv')}{download('json')}</div>}>
            <AuditFilters found={found} onSearch={search} events={query.isPlaceholderData ? none : events ?? none} />
            <div className="rounded-md border border-line bg-surface">
                <ListView
                    query={query}
                    empty={isFiltered
                        ? <NoneMatch onClear={() => search(everything)} />
                        : <Empty icon={ScrollText} title={text('audit.none')} detail={text('audit.none.detail')} />}
                >
                    {(items) => (
                        <DataTable
                            label={text('nav.audit')} columns={columns} rows={items} rowKey={(event) => event.id}
                            sort={{ id: 'at', desc: true }} chosen={found.event}
                        />
                    )}
                </ListView>
            </div>
            <EventDrawer
                event={events?.find(({ id }) => id === found.event)} zone={zone}
                onClose={() => search({ event: undefined })} onActor={({ id }) => search({ actor: id, q: undefined, event: undefined })}
            />
        </Page>
    )
}
