import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import { oneQuery } from '@/api/queries'
import { Panel } from '@/components/page'
import { Failure, Waiting } from '@/components/states'
import { toast } from '@/components/toasts'
import { useText } from '@/lib/i18n/text'
import { SentForm } from '@/components/sent-form'

const rulesQuery = oneQuery('GET /v1/access-rules', {})

/** What the company asks of everybody who signs in. */
export function AccessPanel({ mayEdit }: { mayEdit: boolean }) {
    const text = useText()
    const client = useQueryClient()
    const { data, error, refetch } = useQuery(rulesQuery)
    const turn = async () => {
        await call('PUT /v1/access-rules', { version: data!.version, body: { second_factor_required: !data!.second_factor_required } })
        await client.invalidateQueries({ queryKey: rulesQuery.queryKey })
        toast(text('state.saved'))
    }
    return (
        <Panel title={text('access.title')} note={text('access.note')}>
            {error && <Failure error={error} retry={() => void refetch()} />}
            {!data && !error && <Waiting />}
            {data && (
                <div className="flex flex-col gap-3">
                    <p className="text-sm">{text(data.second_factor_required ? 'access.factor.on' : 'access.factor.off')}</p>
                    {mayEdit && (
                        <SentForm
                            key={String(data.second_factor_required)} onSend={turn} load={() => refetch({ throwOnError: true })} className="flex flex-col gap-3"
                            action={text(data.second_factor_required ? 'access.factor.stop' : 'access.factor.ask')}
                        >
                            {null}
                        </SentForm>
                    )}
                </div>
            )}
        </Panel>
    )
}
