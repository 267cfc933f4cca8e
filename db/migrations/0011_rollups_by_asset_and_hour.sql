-- A refresh replaces rows by hour, whatever their campaign; without these it would walk through all of a company's past
-- each time.
create index asset_hours_by_asset on measurements.asset_hours (company_id, asset_id, hour);
create index cell_hours_by_hour on measurements.cell_hours (company_id, hour);
