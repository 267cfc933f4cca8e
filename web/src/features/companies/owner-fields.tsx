import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { locales, useText, type Locale } from '@/lib/i18n/text'
import { languageNames } from '@/lib/locale-choice'

/** Where the letter goes that makes its reader the owner, and in which language. */
export function OwnerFields({ names = '', owner, onChange, isRequired = false }: {
    /** What stands before a field's name in the request */
    names?: string
    owner: { email: string; locale: Locale }
    onChange: (owner: { email: string; locale: Locale }) => void
    isRequired?: boolean
}) {
    const text = useText()
    return (
        <>
            <TextField
                label={text('auth.email')} name={`${names}email`} type="email" value={owner.email} isRequired={isRequired}
                autoComplete="off" onChange={(email) => onChange({ ...owner, email })}
            />
            <SelectField
                label={text('invitations.language')} value={owner.locale} onChange={(locale) => onChange({ ...owner, locale })}
                choices={locales.map((id) => ({ id, label: languageNames[id] }))}
            />
        </>
    )
}
