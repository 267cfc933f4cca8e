import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, isChanged, ProblemError } from '@/api/client'
import { sessionQuery } from '@/api/session'
import { Drawer, DrawerForm } from '@/components/drawer'
import { TextField } from '@/components/field'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { CodeField, isCodeWanted } from './code-field'
import { PasskeyButton } from './passkey-button'
import { usePasskeyCount } from './passkey-count'

const needsConfirmation = (error: unknown) => error instanceof ProblemError && error.problem.code === 'auth.not_confirmed'

/**
 * Does what guards the account. Where the password was shown too long ago it is asked first, and the act is tried again;
 * `dialog` belongs on the page.
 */
export function useConfirmed() {
    const [waiting, setWaiting] = useState<(() => Promise<unknown>) | null>(null)
    const run = async (act: () => Promise<unknown>) => {
        try {
            await act()
        } catch (error) {
            if (!needsConfirmation(error)) throw error
            setWaiting(() => act)
        }
    }
    const dialog = <PasswordDrawer act={waiting} onClose={() => setWaiting(null)} />
    return { run, dialog }
}

function PasswordDrawer({ act, onClose }: { act: (() => Promise<unknown>) | null; onClose: () => void }) {
    const text = useText()
    const client = useQueryClient()
    const [password, setPassword] = useState('')
    const [code, setCode] = useState<string | null>(null)
    const passkeys = usePasskeyCount(act !== null) ?? 0
    const close = () => {
        setPassword('')
        setCode(null)
        onClose()
    }
    const save = async () => {
        try {
            await call('POST /v1/sessions/current/confirm', { body: { password, code } })
        } catch (error) {
            if (!isCodeWanted(error) || code !== null) throw error
            return setCode('')
        }
        await goOn()
    }
    const goOn = async () => {
        await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        try {
            await act?.()
        } catch (error) {
            // Asked for again it would be refused again: it is about something that is no more.
            if (!isChanged(error)) throw error
            await client.invalidateQueries({}, { throwOnError: true })
            toast(text('state.changed'), 'bad')
        }
        close()
    }
    const byPasskey = async () => {
        const { confirmByPasskey } = await import('./passkeys')
        await confirmByPasskey()
        await goOn()
    }
    return (
        <Drawer title={text('confirm.title')} isOpen={act !== null} onClose={close}>
            <DrawerForm onSave={save} onClose={close} saveLabel={text('confirm.go')}>
                <p className="text-sm text-ink-soft">{text('confirm.lead')}</p>
                <TextField
                    label={text('auth.password')} name="password" type="password" autoComplete="current-password"
                    value={password} onChange={setPassword} isRequired autoFocus
                />
                {code !== null && <CodeField value={code} onChange={setCode} />}
            </DrawerForm>
            {passkeys > 0 && (
                <div className="pt-4"><PasskeyButton label={text('passkeys.confirm')} onPress={byPasskey} /></div>
            )}
        </Drawer>
    )
}
