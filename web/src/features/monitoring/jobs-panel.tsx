import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { jobStates, redrivenStates, type Job } from '@/api/schema'
import { staffMay, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { Confirm } from '@/components/confirm'
import { DataTable, type Column } from '@/components/data-table'
import { ChipFilter } from '@/components/filters'
import { ListView } from '@/components/list-view'
import { Panel } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { Empty, NoneMatch } from '@/components/states'
import { useText } from '@/lib/i18n/text'
import { useFormat } from '@/lib/use-format'
import { useNow } from '@/lib/use-now'
import { jobsQuery, type JobsSearch } from './queries'
import { JobStateChip } from './state-chip'
import type { Companies } from './use-companies'
import { useVerbs } from './use-verbs'

const everything = { state: undefined, kind: undefined, company: undefined }
const ofAll = 'all'

function useColumns({ nameOf }: Companies): Column<Job>[] {
    const text = useText()
    const format = useFormat()
    const now = useNow(10_000)
    return useMemo(() => [
        {
            id: 'kind', header: text('jobs.kind'), value: (job) => job.kind, wide: true,
            cell: (job) => (
                <Link to="/jobs" search={(search: object) => ({ ...search, job: job.id })} className="hover:underline">{job.kind}</Link>
            ),
        },
        { id: 'state', header: text('jobs.state'), value: (job) => jobStates.indexOf(job.state), cell: (job) => <JobStateChip state={job.state} /> },
        {
            id: 'company', header: text('jobs.company'), value: (job) => nameOf(job.company_id),
            cell: ({ company_id }) => company_id
                ? <Link to="/jobs" search={(search: object) => ({ ...search, company: company_id })} className="hover:underline">{nameOf(company_id)}</Link>
                : nameOf(null),
        },
        { id: 'attempts', header: text('jobs.attempts'), value: (job) => job.attempts, cell: (job) => `${format.exact(job.attempts)} / ${format.exact(job.max_attempts)}`, numeric: true },
        { id: 'enqueued', header: text('jobs.enqueued'), value: (job) => job.enqueued_at, cell: (job) => <span title={format.dateTime(job.enqueued_at, 'UTC')}>{format.relative(job.enqueued_at, now)}</span> },
        { id: 'error', header: text('jobs.error'), value: (job) => job.error, cell: (job) => job.error && <code className="font-normal">{job.error}</code> },
    ], [text, format, now, nameOf])
}

/** Brings back at once all that the filter shows, when it shows ended jobs of one kind. */
function Redrive({ search: { kind, state, company }, nameOf }: { search: JobsSearch; nameOf: Companies['nameOf'] }) {
    const text = useText()
    const verbs = useVerbs()
    const [asks, setAsks] = useState(false)
    const ended = redrivenStates.find((one) => one === state)
    if (!ended) return null
    if (!kind) return <p className="text-xs text-ink-soft">{text('jobs.redrive.choose_kind')}</p>
    const detail = company
        ? text(`jobs.redrive.${ended}.of_company`, { kind, company: nameOf(company) }) : text(`jobs.redrive.${ended}.of_all`, { kind })
    return (
        <>
            <Button onPress={() => setAsks(true)}>{text('jobs.redrive_these')}</Button>
            <Confirm
                title={text('jobs.redrive_these')} detail={detail} action={text('jobs.redrive')} isOpen={asks} onClose={() => setAsks(false)}
                onConfirm={() => verbs.redrive({ kind, state: ended, ...(company ? { company_id: company } : {}) })}
            />
        </>
    )
}

function Filters({ search, onSearch, companies: { known, nameOf } }: { search: JobsSearch; onSearch: (change: JobsSearch) => void; companies: Companies }) {
    const text = useText()
    const { state, kind, company } = search
    // One that is chosen is named, also when there are more companies than have been fetched.
    const offered = !company || known.some(({ id }) => id === company) ? known : [...known, { id: company, name: nameOf(company) }]
    return (
        <>
            {kind && (
                <Button onPress={() => onSearch({ kind: undefined })} aria-label={text('jobs.all_kinds', { kind })}>
                    {kind}<X size={14} aria-hidden />
                </Button>
            )}
            <div className="w-48">
                <SelectField
                    compact label={text('jobs.company')} value={company ?? ofAll} onChange={(id) => onSearch({ company: id === ofAll ? undefined : id })}
                    choices={[{ id: ofAll, label: text('jobs.company.all') }, ...offered.map(({ id, name }) => ({ id, label: name }))]}
                />
            </div>
            <ChipFilter
                label={text('jobs.state')} value={state} onChange={(next) => onSearch({ state: next })}
                choices={[{ id: undefined, label: text('filter.all') }, ...jobStates.map((id) => ({ id, label: text(`jobs.state.${id}`) }))]}
            />
        </>
    )
}

/** The jobs that are not done, by kind, company and state. */
export function JobsPanel({ companies }: { companies: Companies }) {
    const text = useText()
    const found = useSearch({ from: '/shell/jobs' })
    const navigate = useNavigate({ from: '/jobs' })
    const columns = useColumns(companies)
    const mayManage = staffMay(useSession(), 'jobs.manage')
    const query = useInfiniteQuery({ ...jobsQuery(found), placeholderData: keepPreviousData, refetchInterval: 10_000 })
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    const isFiltered = Object.keys(everything).some((name) => found[name as keyof typeof everything] !== undefined)
    return (
        <Panel
            title={text('jobs.title')} note={text('jobs.note')} flush
            tools={
                <>
                    {mayManage && <Redrive search={found} nameOf={companies.nameOf} />}
                    <Filters search={found} onSearch={search} companies={companies} />
                </>
            }
        >
            <ListView
                query={query}
                empty={isFiltered
                    ? <NoneMatch onClear={() => search(everything)} />
                    : <Empty icon={CircleCheck} title={text('jobs.none')} detail={text('jobs.none.detail')} />}
            >
                {(items) => <DataTable label={text('jobs.title')} columns={columns} rows={items} rowKey={(job) => job.id} sort={{ id: 'enqueued', desc: true }} />}
            </ListView>
        </Panel>
    )
}
