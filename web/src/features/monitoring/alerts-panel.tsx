import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { BellRing, CircleCheck, Siren, TriangleAlert } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { itemsOf } from '@/api/queries'
import type { Alert, AlertRule } from '@/api/schema'
import { staffMay, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Chip } from '@/components/chip'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { Empty, Failure, Waiting } from '@/components/states'
import { useLocale, useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { alertRulesQuery, alertsQuery } from './queries'
import { useVerbs } from './use-verbs'

type Words = (alert: Alert) => { title: string; action: string }

/** What an alert is called and what to do, in the reader's language and the product's own words. */
function useWords(): Words {
    const language = useLocale().slice(0, 2)
    const { data } = useQuery(alertRulesQuery)
    const rules = useMemo(() => new Map(data?.items.map((rule) => [rule.rule, rule])), [data])
    return useCallback((alert) => {
        const words = rules.get(alert.rule)?.words.find(({ locale }) => locale === language)
        return words ?? { title: alert.rule, action: '' }
    }, [rules, language])
}

function useMeasured() {
    const format = useFormat()
    const { data } = useQuery(alertRulesQuery)
    const measures = useMemo(() => new Map<string, AlertRule['measure']>(data?.items.map(({ rule, measure }) => [rule, measure])), [data])
    return useCallback(({ rule, value }: Alert) => {
        const measure = measures.get(rule)
        return measure === 'seconds' ? format.duration(value) : measure === 'share' ? format.percent(value) : format.exact(value)
    }, [measures, format])
}

/** `onTake` is missing for those who only look. */
function OpenAlert({ alert, words, measured, onTake }: { alert: Alert; words: Words; measured: string; onTake: (() => void) | undefined }) {
    const text = useText()
    const format = useFormat()
    const now = useNow(10_000)
    const { title, action } = words(alert)
    const isPage = alert.severity === 'page'
    return (
        <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-t border-line px-4 py-3 first:border-t-0">
            <Chip tone={isPage ? 'bad' : 'warn'} icon={isPage ? Siren : TriangleAlert}>{text(`alerts.severity.${alert.severity}`)}</Chip>
            <div className="min-w-0 flex-1 basis-72">
                <p className="font-medium">{title} {alert.subject && <code className="font-normal break-words">{alert.subject}</code>}</p>
                <p className="text-sm text-ink-soft">{action}</p>
                <p className="pt-1 text-xs text-ink-soft">
                    {text('alerts.since', { since: format.relative(alert.since, now), value: measured })}
                    {alert.acknowledged && ` · ${text('alerts.taken', { at: format.relative(alert.acknowledged.at, now), note: alert.acknowledged.note || '—' })}`}
                </p>
            </div>
            {onTake && !alert.acknowledged && <Button onPress={onTake} aria-label={text('alerts.take_this', { title, subject: alert.subject })}>{text('alerts.take')}</Button>}
        </li>
    )
}

/** Says that somebody looks after an alert, and what they mean to do. */
function TakeDrawer({ alert, title, onClose }: { alert: Alert | null; title: string; onClose: () => void }) {
    const text = useText()
    const verbs = useVerbs()
    const [note, setNote] = useState('')
    const close = () => {
        setNote('')
        onClose()
    }
    const save = async () => {
        if (alert) await verbs.acknowledge(alert.id, note)
        close()
    }
    return (
        <Drawer title={title} isOpen={alert !== null} onClose={close}>
            <DrawerForm onSave={save} onClose={close} saveLabel={text('alerts.take')}>
                <p className="text-sm text-ink-soft">{text('alerts.take.lead')}</p>
                <TextField label={text('alerts.note')} name="note" value={note} onChange={setNote} maxLength={500} autoFocus />
            </DrawerForm>
        </Drawer>
    )
}

function useColumns(words: Words): Column<Alert>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        { id: 'title', header: text('alerts.what'), value: (alert) => words(alert).title, wide: true },
        { id: 'subject', header: text('alerts.subject'), value: (alert) => alert.subject, cell: (alert) => alert.subject && <code>{alert.subject}</code> },
        { id: 'fired', header: text('alerts.fired'), value: (alert) => alert.fired_at, cell: (alert) => format.dateTime(alert.fired_at, 'UTC') },
        { id: 'resolved', header: text('alerts.resolved'), value: (alert) => alert.resolved_at, cell: (alert) => format.dateTime(alert.resolved_at, 'UTC') },
    ], [text, format, words])
}

/** What was wrong and is over. */
export function PastAlertsPanel() {
    const text = useText()
    const words = useWords()
    const columns = useColumns(words)
    const query = useInfiniteQuery({ ...alertsQuery('resolved'), refetchInterval: 30_000 })
    return (
        <Panel title={text('alerts.past')} note={text('alerts.past.note')} flush>
            <ListView query={query} empty={<Empty icon={CircleCheck} title={text('alerts.past.none')} />}>
                {(items) => <DataTable label={text('alerts.past')} columns={columns} rows={items} rowKey={(alert) => alert.id} sort={{ id: 'fired', desc: true }} maxHeight={320} />}
            </ListView>
        </Panel>
    )
}

/** What is wrong now, with what to do about it. */
export function AlertsPanel() {
    const text = useText()
    const words = useWords()
    const measured = useMeasured()
    const mayManage = staffMay(useSession(), 'jobs.manage')
    const query = useInfiniteQuery({ ...alertsQuery('open'), refetchInterval: 10_000 })
    const [taken, take] = useState<Alert | null>(null)
    const alerts = itemsOf(query.data)
    return (
        <Panel title={text('alerts.title')} note={text('alerts.about')} flush>
            {alerts
                ? alerts.length === 0
                    ? <p className="flex items-center gap-2 px-4 pb-4 text-sm"><CircleCheck size={16} className="text-good" aria-hidden />{text('alerts.none')}</p>
                    : (
                        <>
                            <p role="status" className="mx-4 mb-2 flex items-center gap-2 rounded-md bg-bad-wash px-3 py-2 text-sm font-medium text-bad">
                                <BellRing size={16} aria-hidden />{text('alerts.open', { count: alerts.length })}
                            </p>
                            <ul aria-label={text('alerts.title')}>
                                {alerts.map((alert) => (
                                    <OpenAlert
                                        key={alert.id} alert={alert} words={words} measured={measured(alert)}
                                        onTake={mayManage ? () => take(alert) : undefined}
                                    />
                                ))}
                            </ul>
                        </>
                    )
                : query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting height={64} />}
            <TakeDrawer alert={taken} title={taken ? words(taken).title : ''} onClose={() => take(null)} />
        </Panel>
    )
}
