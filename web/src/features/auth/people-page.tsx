import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { call } from '@/api/client'
import { staffMay, useSession } from '@/api/session'
import { TextField } from '@/components/field'
import { Page, Panel } from '@/components/page'
import { useText } from '@/lib/i18n/text'
import { personQuery } from './people-queries'
import { PersonPanel } from './person-panel'
import { SentForm } from '@/components/sent-form'
import { StaffKeysPanel } from './staff-keys-panel'
import { StaffPanel } from './staff-panel'

/** Looks for the one whom somebody named: a list of everybody would be for browsing. */
function FindPanel({ onFound }: { onFound: (id: string) => void }) {
    const text = useText()
    const client = useQueryClient()
    const find = async (form: FormData) => {
        const typed = String(form.get('email')).trim()
        if (/^usr_/.test(typed)) return onFound(typed)
        const person = await call('POST /v1/people/find', { body: { email: typed } })
        client.setQueryData(personQuery(person.id).queryKey, person)
        onFound(person.id)
    }
    return (
        <Panel title={text('people.find')} note={text('people.find.note')}>
            <SentForm onSend={find} action={text('people.find.go')} className="flex max-w-md flex-col gap-3">
                <TextField label={text('people.find.field')} name="email" isRequired autoComplete="off" />
            </SentForm>
        </Panel>
    )
}

/** For staff: somebody's account, and who else is staff. */
export function PeoplePage() {
    const text = useText()
    const session = useSession()
    const { person } = useSearch({ from: '/shell/people' })
    const navigate = useNavigate({ from: '/people' })
    const managesStaff = staffMay(session, 'staff.manage')
    return (
        <Page title={text('nav.people')}>
            <div className="grid gap-3">
                <FindPanel onFound={(id) => void navigate({ search: { person: id } })} />
                {person && <PersonPanel key={person} id={person} />}
                {managesStaff && <StaffPanel />}
                {managesStaff && <StaffKeysPanel />}
            </div>
        </Page>
    )
}
