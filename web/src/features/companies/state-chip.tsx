import { Ban, CircleCheck } from 'lucide-react'
import type { Company } from '@/api/schema'
import { Chip } from '@/components/chip'
import { useText } from '@/lib/i18n/text'

export function CompanyState({ state }: { state: Company['state'] }) {
    const text = useText()
    return state === 'active'
        ? <Chip tone="good" icon={CircleCheck}>{text('companies.state.active')}</Chip>
        : <Chip tone="bad" icon={Ban}>{text('companies.state.suspended')}</Chip>
}
