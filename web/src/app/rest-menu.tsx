import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { MoreMenu } from '@/components/menu'
import { useText } from '@/lib/i18n/text'
import type { Place } from './permissions'

/** The pages that a phone's bar has no room for. Fetched when the frame stands: menus bring much along. */
export default function RestMenu({ places, face, className }: { places: Place[]; face: ReactNode; className: string }) {
    const text = useText()
    const navigate = useNavigate()
    return (
        <MoreMenu
            label={text('nav.more')}
            triggerClass={className}
            trigger={face}
            actions={places.map(({ to, label }) => ({ id: to, label: text(label), onAction: () => void navigate({ to }) }))}
        />
    )
}
