import type { ReactNode } from 'react'
import { ModalOverlay } from 'react-aria-components'

/** Dims the page beneath what is shown over it; pressing beside that, or Escape, closes. `place` says where it stands. */
export function Overlay({ isOpen, onClose, place, children }: {
    isOpen: boolean; onClose: () => void; place: string; children: ReactNode
}) {
    return (
        <ModalOverlay
            isOpen={isOpen}
            onOpenChange={(open) => { if (!open) onClose() }}
            isDismissable
            className={`appear fixed inset-0 bg-black/40 ${place}`}
        >
            {children}
        </ModalOverlay>
    )
}
