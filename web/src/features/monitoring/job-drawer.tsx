import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { JobDetail, JobFailure } from '@/api/schema'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Drawer } from '@/components/drawer'
import { ErrorNote } from '@/components/error-note'
import { Facts } from '@/components/page'
import { Failure, Waiting } from '@/components/states'
import { staffMay, useSession } from '@/api/session'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { jobQuery } from './queries'
import { JobStateChip } from './state-chip'
import { useVerbs } from './use-verbs'

function useColumns(zone: string): Column<JobFailure>[] {
    const text = useText()
    const format = useFormat()
    return useMemo(() => [
        { id: 'attempt', header: text('jobs.attempt'), value: (failure) => failure.attempt, numeric: true },
        { id: 'at', header: text('jobs.failed_at'), value: (failure) => failure.at, cell: (failure) => format.dateTime(failure.at, zone) },
        { id: 'error', header: text('jobs.error'), value: (failure) => failure.error, cell: (failure) => <code>{failure.error}</code>, wide: true },
    ], [text, format, zone])
}

/** Chosen with one click, to be looked for in the log. */
const Id = ({ id }: { id: string | null }) => (id ? <code className="select-all">{id}</code> : '—')

function Shown({ detail, zone, companyName }: { detail: JobDetail; zone: string; companyName: (id: string | null) => string }) {
    const text = useText()
    const format = useFormat()
    const columns = useColumns(zone)
    const verbs = useVerbs()
    const mayManage = staffMay(useSession(), 'jobs.manage')
    const { job, cause, failures } = detail
    const [isCancelling, setCancelling] = useState(false)
    const [error, setError] = useState<unknown>(null)
    const retry = () => {
        setError(null)
        verbs.retry(job.id).catch(setError)
    }
    const hasEnded = job.state !== 'ready' && job.state !== 'running'
    return (
        <div className="flex flex-col gap-4">
            <Facts
                items={[
                    [text('jobs.state'), <JobStateChip key="state" state={job.state} />],
                    [text('jobs.id'), <Id key="id" id={job.id} />],
                    [text('jobs.company'), companyName(job.company_id)],
                    [text('jobs.attempts'), `${format.exact(job.attempts)} / ${format.exact(job.max_attempts)}`],
                    [text('jobs.priority'), format.exact(job.priority)],
                    [text('jobs.enqueued'), format.dateTime(job.enqueued_at, zone)],
                    [text('jobs.run_at'), format.dateTime(job.run_at, zone)],
                    [text('jobs.started'), format.dateTime(job.started_at, zone)],
                    [text('jobs.ended'), format.dateTime(job.ended_at, zone)],
                    [text('jobs.worker'), job.worker ?? '—'],
                    [text('jobs.caused_by'), <Id key="by" id={cause.by} />],
                    [text('jobs.impersonator'), <Id key="impersonator" id={cause.impersonator} />],
                    [text('jobs.request'), <Id key="request" id={cause.request_id} />],
                ]}
            />
            {job.cancel_wanted && job.state === 'running' && <p role="status" className="text-sm text-ink-soft">{text('jobs.cancel_wanted')}</p>}
            <ErrorNote error={error} />
            {mayManage && <div className="flex gap-2">
                {job.state !== 'running' && <Button kind="primary" onPress={retry}>{text('jobs.retry')}</Button>}
                {!hasEnded && <Button kind="danger" isDisabled={job.cancel_wanted} onPress={() => setCancelling(true)}>{text('jobs.cancel')}</Button>}
            </div>}
            <section aria-label={text('jobs.failures')} className="-mx-5">
                <h3 className="px-5 pb-1 text-sm font-medium">{text('jobs.failures')}</h3>
                {failures.length === 0
                    ? <p className="px-5 text-sm text-ink-soft">{text('jobs.failures.none')}</p>
                    : <DataTable label={text('jobs.failures')} columns={columns} rows={failures} rowKey={(failure) => failure.at} sort={{ id: 'at', desc: true }} />}
                <p className="px-5 pt-2 text-xs text-ink-soft">{text('jobs.failures.note')}</p>
            </section>
            <Confirm
                title={text('jobs.cancel')} detail={text('jobs.cancel.detail')} action={text('jobs.cancel')}
                isOpen={isCancelling} onClose={() => setCancelling(false)} onConfirm={() => verbs.cancel(job.id)}
            />
        </div>
    )
}

/** One job: where it stands, how its runs failed, and what can be done about it. */
export function JobDrawer({ id, onClose, companyName }: {
    id: string | undefined; onClose: () => void; companyName: (id: string | null) => string
}) {
    const text = useText()
    const query = useQuery({ ...jobQuery(id ?? ''), enabled: id !== undefined, refetchInterval: 5_000, retry: false })
    return (
        <Drawer title={query.data?.job.kind ?? text('jobs.job')} isOpen={id !== undefined} onClose={onClose}>
            {query.error ? <Failure error={query.error} />
                : query.data ? <Shown detail={query.data} zone="UTC" companyName={companyName} /> : <Waiting />}
        </Drawer>
    )
}
