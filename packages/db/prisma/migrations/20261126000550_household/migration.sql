-- Who lives where somebody lives: a digest of the first line's numbers and the postcode, never the address itself.
ALTER TABLE "patient_record" ADD COLUMN "address_key" TEXT;
CREATE INDEX "patient_record_address_key_idx" ON "patient_record"("address_key");
