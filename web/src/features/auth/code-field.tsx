import { ProblemError } from '@/api/client'
import { TextField } from '@/components/field'
import { useText } from '@/lib/i18n/text'

/** The password was right, and the account asks for a code too. */
export const isCodeWanted = (error: unknown) =>
    error instanceof ProblemError && error.problem.code === 'auth.second_factor_required'

export function CodeField(props: { value?: string; onChange?: (value: string) => void }) {
    const text = useText()
    return (
        <TextField
            label={text('factor.code')} name="code" hint={text('factor.code.or_recovery')} autoComplete="one-time-code"
            isRequired autoFocus {...props}
        />
    )
}
