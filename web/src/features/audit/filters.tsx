import { useQuery } from '@tanstack/react-query'
import { oneQuery } from '@/api/queries'
import type { AuditEvent } from '@/api/schema'
import { staffMay, useSession } from '@/api/session'
import { Button } from '@/components/button'
import { SearchField } from '@/components/field'
import { ChipFilter } from '@/components/filters'
import { SelectField } from '@/components/select-field'
import { actionWords, knownActions } from '@/lib/i18n/action-words'
import { useText } from '@/lib/i18n/text'
import { useTyped } from '@/lib/use-typed'
import { DaysFilter } from './days-filter'
import { companyNouns, staffNouns, type Noun } from './nouns'
import type { AuditSearch } from './queries'
import { useActors } from './use-actors'

interface Props { found: AuditSearch; onSearch: (change: AuditSearch) => void }
const any = 'any'

const nounOf = (action: string) => action.slice(0, action.indexOf('.'))

/** One action, of the noun that is chosen or of any that is offered. */
function ActionFilter({ found, onSearch, nouns }: Props & { nouns: readonly Noun[] }) {
    const text = useText()
    const wanted: readonly string[] = found.noun ? [found.noun] : nouns
    const actions = knownActions().filter((action) => wanted.includes(nounOf(action)))
    if (found.action && !actions.includes(found.action)) actions.push(found.action)
    const choices = actions.map((id) => ({ id, label: actionWords(text, id) })).sort((a, b) => a.label.localeCompare(b.label))
    return (
        <SelectField
            label={text('audit.action')} value={found.action ?? any} choices={[{ id: any, label: text('audit.anything') }, ...choices]}
            onChange={(id) => onSearch({ action: id === any ? undefined : id })}
        />
    )
}

function ActorFilter({ found, onSearch, events }: Props & { events: readonly AuditEvent[] }) {
    const text = useText()
    const actors = useActors(events, found.actor)
    return (
        <SelectField
            label={text('audit.who')} value={found.actor ?? any} choices={[{ id: any, label: text('audit.anybody') }, ...actors]}
            onChange={(id) => onSearch({ actor: id === any ? undefined : id })}
        />
    )
}

/** Staff came from one company: whose events these are, and the way back to those of all. */
function OfCompany({ id, onSearch }: { id: string } & Pick<Props, 'onSearch'>) {
    const text = useText()
    const { data } = useQuery(oneQuery('GET /v1/companies/{id}', { path: { id } }))
    return (
        <p className="mb-3 flex flex-wrap items-center gap-2 text-sm">
            {text('audit.of_company', { company: data?.name ?? id })}
            <Button onPress={() => onSearch({ company: undefined, noun: undefined, action: undefined, actor: undefined })}>
                {text('audit.of_all')}
            </Button>
        </p>
    )
}

/** What narrows the list; the nouns are those of the events that the reader is shown. */
export function AuditFilters({ found, onSearch, events }: Props & { events: readonly AuditEvent[] }) {
    const text = useText()
    const isStaff = staffMay(useSession(), 'audit.read')
    const nouns: readonly Noun[] = isStaff && !found.company ? staffNouns : companyNouns
    const [typed, setTyped] = useTyped(found.q ?? '', (next) => onSearch({ q: next.trim() || undefined }))
    return (
        <>
            {isStaff && found.company && <OfCompany id={found.company} onSearch={onSearch} />}
            <div className="mb-3 flex flex-wrap items-end gap-2">
                <SearchField label={text('audit.search')} value={typed} onChange={setTyped} />
                <div className="w-44"><ActorFilter found={found} onSearch={onSearch} events={events} /></div>
                <div className="w-52"><ActionFilter found={found} onSearch={onSearch} nouns={nouns} /></div>
                <DaysFilter from={found.from} to={found.to} onChange={onSearch} />
                <ChipFilter
                    label={text('audit.outcome')} value={found.outcome} onChange={(outcome) => onSearch({ outcome })}
                    choices={[{ id: undefined, label: text('filter.all') }, { id: 'refused', label: text('audit.outcome.refused') }]}
                />
            </div>
            <div className="mb-3">
                <ChipFilter
                    label={text('audit.about')} value={found.noun} onChange={(noun) => onSearch({ noun, action: undefined })}
                    choices={[
                        { id: undefined, label: text('filter.all') },
                        ...nouns.map((id) => ({ id, label: text(`audit.noun.${id}`) })),
                    ]}
                />
            </div>
        </>
    )
}
