import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CirclePause, Cog } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { JobKind } from '@/api/schema'
import { Button } from '@/components/button'
import { Chip } from '@/components/chip'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { Panel } from '@/components/page'
import { TableSkeleton } from '@/components/skeletons'
import { Empty, Failure } from '@/components/states'
import { staffMay, useSession } from '@/api/session'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { jobKindsQuery } from './queries'
import { useVerbs } from './use-verbs'

type Verb = 'pause' | 'resume' | 'redrive'
interface Asked { kind: string; verb: Verb }

const verbsOf = (kind: JobKind): Verb[] => [kind.paused_at ? 'resume' : 'pause', ...(kind.dead > 0 ? ['redrive' as const] : [])]
const seconds = (ms: number | null) => (ms === null ? null : ms / 1000)

function useColumns(mayManage: boolean, ask: (asked: Asked) => void): Column<JobKind>[] {
    const text = useText()
    const format = useFormat()
    const now = useNow(10_000)
    return useMemo(() => [
        {
            id: 'kind', header: text('jobs.kind'), value: (kind) => kind.kind, wide: true,
            cell: (kind) => <Link to="/jobs" search={{ kind: kind.kind }} className="hover:underline">{kind.kind}</Link>,
        },
        { id: 'running', header: text('jobs.running'), value: (kind) => kind.running, cell: (kind) => format.exact(kind.running), numeric: true },
        { id: 'ready', header: text('jobs.ready'), value: (kind) => kind.ready, cell: (kind) => format.exact(kind.ready), numeric: true },
        { id: 'later', header: text('jobs.later'), value: (kind) => kind.later, cell: (kind) => format.exact(kind.later), numeric: true },
        { id: 'dead', header: text('jobs.dead'), value: (kind) => kind.dead, cell: (kind) => format.exact(kind.dead), numeric: true },
        { id: 'oldest', header: text('jobs.oldest'), value: (kind) => kind.oldest_at, cell: (kind) => format.relative(kind.oldest_at, now) },
        { id: 'done', header: text('jobs.done_per_minute'), value: (kind) => kind.done_per_minute, cell: (kind) => format.decimal(kind.done_per_minute, 1), numeric: true },
        { id: 'failed', header: text('jobs.failed_per_minute'), value: (kind) => kind.failed_per_minute, cell: (kind) => format.decimal(kind.failed_per_minute, 1), numeric: true },
        { id: 'p50', header: text('jobs.p50'), value: (kind) => kind.run_p50_ms, cell: (kind) => format.duration(seconds(kind.run_p50_ms)), numeric: true },
        { id: 'p95', header: text('jobs.p95'), value: (kind) => kind.run_p95_ms, cell: (kind) => format.duration(seconds(kind.run_p95_ms)), numeric: true },
        { id: 'wait', header: text('jobs.wait_p95'), value: (kind) => kind.wait_p95_ms, cell: (kind) => format.duration(seconds(kind.wait_p95_ms)), numeric: true },
        {
            id: 'verbs', header: text('jobs.verbs'), value: (kind) => kind.paused_at, unsorted: true,
            cell: (kind) => (
                <span className="flex items-center gap-1.5">
                    {kind.paused_at && <Chip tone="warn" icon={CirclePause}>{text('jobs.paused')}</Chip>}
                    {mayManage && verbsOf(kind).map((verb) => (
                        <Button key={verb} aria-label={text(`jobs.${verb}_kind`, { kind: kind.kind })} onPress={() => ask({ kind: kind.kind, verb })}>
                            {text(`jobs.${verb}`)}
                        </Button>
                    ))}
                </span>
            ),
        },
    ], [text, format, now, mayManage, ask])
}

/** How each kind of work is getting on. */
export function KindsPanel({ chosen }: { chosen: string | undefined }) {
    const text = useText()
    const query = useQuery({ ...jobKindsQuery, refetchInterval: 5_000 })
    const [asked, ask] = useState<Asked | null>(null)
    const verbs = useVerbs()
    const columns = useColumns(staffMay(useSession(), 'jobs.manage'), ask)
    const kinds = query.data?.items
    return (
        <Panel title={text('jobs.kinds')} note={text('jobs.kinds.note')} flush>
            {kinds
                ? kinds.length === 0
                    ? <Empty icon={Cog} title={text('jobs.kinds.none')} detail={text('jobs.kinds.none.detail')} />
                    : <DataTable label={text('jobs.kinds')} columns={columns} rows={kinds} rowKey={(kind) => kind.kind} sort={{ id: 'kind', desc: false }} chosen={chosen} />
                : query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <TableSkeleton />}
            {asked && (
                <Confirm
                    title={text(`jobs.${asked.verb}_kind`, { kind: asked.kind })} detail={text(`jobs.${asked.verb}.detail`)}
                    action={text(`jobs.${asked.verb}`)} isOpen onClose={() => ask(null)} onConfirm={() => (asked.verb === 'redrive' ? verbs.redrive({ kind: asked.kind }) : verbs[asked.verb](asked.kind))}
                />
            )}
        </Panel>
    )
}
