import { faceFormats, facePlacements, type FaceIn } from '@/api/schema'
import { TextField } from '@/components/field'
import { SelectField } from '@/components/select-field'
import { useText } from '@/lib/i18n/text'

/** One face of an asset. `at` is its place in the request, for refusals that name a field. */
export function FaceFields({ value, at, onChange }: {
    value: FaceIn; at: string; onChange: (value: FaceIn) => void
}) {
    const text = useText()
    return (
        <div className="grid grid-cols-2 gap-3">
            <div className="col-span-2">
                <TextField label={text('faces.name')} name={`${at}name`} value={value.name} isRequired onChange={(name) => onChange({ ...value, name })} />
            </div>
            <SelectField
                label={text('faces.format')} value={value.format} onChange={(format) => onChange({ ...value, format })}
                choices={faceFormats.map((id) => ({ id, label: text(`faces.format.${id}`) }))}
            />
            <SelectField
                label={text('faces.placement')} value={value.placement} onChange={(placement) => onChange({ ...value, placement })}
                choices={facePlacements.map((id) => ({ id, label: text(`faces.placement.${id}`) }))}
            />
        </div>
    )
}
