import { useQueryClient } from '@tanstack/react-query'
import { CircleCheck, CircleDashed } from 'lucide-react'
import { useState } from 'react'
import { call } from '@/api/client'
import { sessionQuery, useSession } from '@/api/session'
import { Chip } from '@/components/chip'
import { TextField } from '@/components/field'
import { Page, Panel } from '@/components/page'
import { SelectField } from '@/components/select-field'
import { SettingsNav } from '@/components/settings-nav'
import { toast } from '@/components/toasts'
import { isLocale, locales, useLocale, useText, type Locale } from '@/lib/i18n/text'
import { chooseLocale, languageNames } from '@/lib/locale-choice'
import { useConfirmed } from './confirm-password'
import { OwnAccount } from './own-account'
import { SentForm } from '@/components/sent-form'

const narrow = 'flex max-w-md flex-col gap-4'

function ProfilePanel() {
    const text = useText()
    const client = useQueryClient()
    const { user } = useSession()
    const shown = useLocale()
    const [locale, setLocale] = useState<Locale>(isLocale(user.locale) ? user.locale : 'en-CA')
    const save = async (form: FormData) => {
        await call('PATCH /v1/account', { body: { name: String(form.get('name')), locale } })
        await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        // Another language draws the page anew, and what is typed elsewhere on it would be lost for nothing.
        if (locale !== shown) await chooseLocale(locale)
        toast(text('state.saved'))
    }
    return (
        <Panel title={text('profile.you')}>
            <SentForm onSend={save} action={text('action.save')} className={narrow}>
                <TextField label={text('members.name')} name="name" autoComplete="name" defaultValue={user.name} isRequired />
                <SelectField
                    label={text('profile.language')} value={locale} onChange={setLocale} hint={text('profile.language.hint')}
                    choices={locales.map((id) => ({ id, label: languageNames[id] }))}
                />
            </SentForm>
        </Panel>
    )
}

function EmailPanel() {
    const text = useText()
    const { user } = useSession()
    const { run, dialog } = useConfirmed()
    const [sentTo, setSentTo] = useState<string | null>(null)
    const send = (form: FormData) => {
        const email = String(form.get('email'))
        return run(async () => {
            await call('POST /v1/account/email', { body: { email } })
            setSentTo(email)
        })
    }
    return (
        <Panel
            title={text('profile.email')} note={text('profile.email.note')}
            tools={user.email_verified
                ? <Chip tone="good" icon={CircleCheck}>{text('profile.email.verified')}</Chip>
                : <Chip tone="calm" icon={CircleDashed}>{text('profile.email.unverified')}</Chip>}
        >
            <SentForm onSend={send} action={text('profile.email.send')} className={narrow}>
                <TextField
                    label={text('auth.email')} name="email" type="email" autoComplete="email" defaultValue={user.email} isRequired
                />
            </SentForm>
            {sentTo !== null && <p role="status" className="pt-3 text-sm">{text('profile.email.sent', { email: sentTo })}</p>}
            {dialog}
        </Panel>
    )
}

export function ProfilePage() {
    const text = useText()
    return (
        <Page title={text('profile.title')}>
            <SettingsNav />
            <div className="grid gap-3">
                <OwnAccount>
                    <ProfilePanel />
                    <EmailPanel />
                </OwnAccount>
            </div>
        </Page>
    )
}
