import { endSession, isSignedOut, OfflineError, ProblemError } from '@/api/client'
import { tellOtherTabs } from '@/api/other-tabs'
import { standingToast, toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { useLeave } from './leaving'

const isAway = (error: unknown) =>
    error instanceof OfflineError || (error instanceof ProblemError && (error.problem.status >= 500 || error.problem.status === 429))
const retryMs = 10_000

/** When the connection is back, or after a while: a server that is away tells nobody that it came back. */
const nextChance = () =>
    new Promise<void>((resolve) => {
        const go = () => {
            clearTimeout(timer)
            window.removeEventListener('online', go)
            resolve()
        }
        const timer = setTimeout(go, retryMs)
        window.addEventListener('online', go)
    })

/**
 * Whoever signs out is shown nothing of theirs from that moment on, whether the server hears of it or not. Without a
 * connection it is told as soon as there is one, as long as the page stays open; the page says so until then.
 */
export function useSignOut() {
    const text = useText()
    const leave = useLeave()
    return async () => {
        const end = endSession()
        const ended = () => end().then(() => null, (error: unknown) => error)
        const first = ended()
        await leave()
        let failed = await first
        tellOtherTabs()
        // One that ended elsewhere is what was wanted.
        if (failed === null || isSignedOut(failed)) return
        const withdraw = standingToast(text('auth.sign_out.later'), 'bad')
        while (isAway(failed)) {
            await nextChance()
            failed = await ended()
        }
        // Refused, and so it stays: the page goes on saying that the session was not ended.
        if (failed !== null && !isSignedOut(failed)) return
        withdraw()
        if (failed === null) toast(text('auth.sign_out.done'))
        tellOtherTabs()
    }
}
