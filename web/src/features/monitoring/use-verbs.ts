import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '@/api/client'
import type { RedriveIn } from '@/api/schema'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { jobsKeys } from './queries'

/** What staff may do about jobs; everything shown is asked for again after each. */
export function useVerbs() {
    const text = useText()
    const client = useQueryClient()
    return useMemo(() => {
        const done = async (message: string) => {
            await Promise.all(jobsKeys.map((queryKey) => client.invalidateQueries({ queryKey })))
            toast(message)
        }
        return {
            retry: async (id: string) => {
                await call('POST /v1/jobs/{id}/retry', { path: { id } })
                await done(text('jobs.retried'))
            },
            cancel: async (id: string) => {
                await call('POST /v1/jobs/{id}/cancel', { path: { id } })
                await done(text('jobs.cancelled'))
            },
            redrive: async (which: RedriveIn) => {
                const { redriven, left } = await call('POST /v1/jobs/redrive', { body: which })
                await done(text(left > 0 ? 'jobs.redriven_some' : 'jobs.redriven', { count: redriven, left }))
            },
            acknowledge: async (id: string, note: string) => {
                await call('POST /v1/alerts/{id}/acknowledge', { path: { id }, body: note ? { note } : {} })
                await done(text('alerts.taken.done'))
            },
            pause: async (kind: string) => {
                await call('POST /v1/job-kinds/{kind}/pause', { path: { kind } })
                await done(text('jobs.kind_paused', { kind }))
            },
            resume: async (kind: string) => {
                await call('POST /v1/job-kinds/{kind}/resume', { path: { kind } })
                await done(text('jobs.kind_resumed', { kind }))
            },
        }
    }, [client, text])
}
