"""The names that each kind of record knows, as in the vendor's 2025.8 models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from psa_operator.simulator.connectwise.answers import bad_condition

Kind = Literal["number", "text", "flag", "date", "reference", "array", "info", "any"]
Path = tuple[str, ...]

_REFERENCE: Final[Mapping[str, Kind]] = {
    "id": "number",
    "name": "text",
    "identifier": "text",
    "sort": "number",
    "_info": "info",
}
_INFO: Final[Mapping[str, Kind]] = {
    "lastUpdated": "date",
    "updatedBy": "text",
    "dateEntered": "date",
    "enteredBy": "text",
}


_BELOW: Final[Mapping[Kind, Mapping[str, Kind]]] = {"reference": _REFERENCE, "info": _INFO}


@dataclass(frozen=True)
class Schema:
    """One entity: its name in messages, its path, and the kind of each field."""

    singular: str
    path: str
    fields: Mapping[str, Kind]

    def resolve(self, written: str) -> tuple[Path, Kind]:
        """The path and kind of a name in a condition; names are not case-sensitive there."""
        if written.lower() == "lastupdated":
            return ("_info", "lastUpdated"), "date"
        path: Path = ()
        known = self.fields
        kind: Kind = "reference"
        for part in written.split("/"):
            name = _match(part, known)
            if name is None:
                raise bad_condition(f"{written} is not a recognized name.")
            path, kind = (*path, name), known[name]
            known = _BELOW.get(kind, {})
        return path, kind

    def resolve_comparable(self, written: str) -> tuple[Path, Kind]:
        """As `resolve`, for names that hold one value; a reference may only be compared with null."""
        path, kind = self.resolve(written)
        if kind in ("array", "info", "any"):
            raise bad_condition(f"{written} is not a recognized name.")
        return path, kind


def _match(part: str, known: Mapping[str, Kind]) -> str | None:
    if part in known:
        return part
    return next((name for name in known if name.lower() == part.lower()), None)


def _schema(singular: str, path: str, **kinds: str) -> Schema:
    fields: dict[str, Kind] = {"id": "number"}
    for kind, names in kinds.items():
        fields |= dict.fromkeys(names.split(), kind)  # type: ignore[arg-type]
    return Schema(singular, path, fields | {"_info": "info"})


TICKETS = _schema(
    "Ticket",
    "service/tickets",
    text="""
        summary recordType siteName addressLine1 addressLine2 city stateIdentifier zip contactName
        contactPhoneNumber contactPhoneExtension contactEmailAddress agreementType severity impact
        externalXRef poNumber automaticEmailCc closedBy billingMethod subBillingMethod resources
        knowledgeBaseLinkType billTime billExpenses billProducts predecessorType mobileGuid slaStatus
        respondedBy resplanBy resolvedBy
    """,
    number="""
        budgetHours knowledgeBaseCategoryId knowledgeBaseSubCategoryId actualHours estimatedExpenseCost
        estimatedExpenseRevenue estimatedProductCost estimatedProductRevenue estimatedTimeCost
        estimatedTimeRevenue billingAmount hourlyRate subBillingAmount resolveMinutes resPlanMinutes
        respondMinutes knowledgeBaseLinkId parentTicketId predecessorId lagDays duration escalationLevel
        minutesBeforeWaiting respondedSkippedMinutes resplanSkippedMinutes respondedHours resplanHours
        resolutionHours minutesWaiting
    """,
    flag="""
        allowAllClientsPortalView customerUpdatedFlag automaticEmailContactFlag automaticEmailResourceFlag
        automaticEmailCcFlag closedFlag approved isInSla hasChildTicket hasMergedChildTicketFlag
        predecessorClosedFlag lagNonworkingDaysFlag requestForChangeFlag
    """,
    date="""
        requiredDate closedDate subDateAccepted dateResolved dateResplan dateResponded estimatedStartDate
        escalationStartDateUTC
    """,
    reference="""
        board status workRole workType company site country contact type subType item team owner priority
        serviceLocation source opportunity agreement location department sla currency mergedParentTicket
    """,
    array="integratorTags customFields",
)
COMPANIES = _schema(
    "Company",
    "company/companies",
    text="""
        identifier name addressLine1 addressLine2 city state zip phoneNumber faxNumber website accountNumber
        leadSource userDefinedField1 userDefinedField2 userDefinedField3 userDefinedField4 userDefinedField5
        userDefinedField6 userDefinedField7 userDefinedField8 userDefinedField9 userDefinedField10
        vendorIdentifier taxIdentifier invoiceToEmailAddress invoiceCCEmailAddress deletedBy mobileGuid
        facebookUrl twitterUrl linkedInUrl resellerIdentifier
    """,
    number="annualRevenue numberOfEmployees yearEstablished revenueYear",
    flag="leadFlag unsubscribeFlag deletedFlag isVendorFlag",
    date="dateAcquired dateDeleted",
    reference="""
        status country territory market defaultContact sicCode parentCompany ownershipType timeZoneSetup
        calendar taxCode billingTerms invoiceTemplate pricingSchedule companyEntityType billToCompany
        billingSite billingContact invoiceDeliveryMethod currency territoryManager site
    """,
    array="types integratorTags customFields",
)
CONTACTS = _schema(
    "Contact",
    "company/contacts",
    text="""
        firstName lastName addressLine1 addressLine2 city state zip relationshipOverride securityIdentifier
        title school nickName children significantOther portalPassword gender birthDay anniversary presence
        mobileGuid facebookUrl twitterUrl linkedInUrl defaultPhoneType defaultPhoneNbr defaultPhoneExtension
        userDefinedField1 userDefinedField2 userDefinedField3 userDefinedField4 userDefinedField5
        userDefinedField6 userDefinedField7 userDefinedField8 userDefinedField9 userDefinedField10
    """,
    number="defaultMergeContactId portalSecurityLevel",
    flag="""
        inactiveFlag marriedFlag childrenFlag disablePortalLoginFlag unsubscribeFlag defaultBillingFlag
        defaultFlag ignoreDuplicates
    """,
    reference="""
        company site country relationship department managerContact assistantContact companyLocation photo
    """,
    array="communicationItems types integratorTags customFields typeIds",
)
BOARDS = _schema(
    "Board",
    "service/boards",
    text="name billTime billExpense billProduct",
    flag="inactiveFlag projectFlag discussionsLockedFlag timeEntryLockedFlag closedLoopAllFlag",
    reference="location department workRole workType autoCloseStatus",
)
STATUSES = _schema(
    "Status",
    "service/boards/{board}/statuses",
    text="name escalationStatus customerPortalDescription customStatusIndicatorName",
    number="sortOrder",
    flag="""
        displayOnBoard inactive closedStatus timeEntryNotAllowed roundRobinCatchall defaultFlag
        customerPortalFlag saveTimeAsNote
    """,
    reference="board emailTemplate statusIndicator",
)
TYPES = _schema(
    "Type",
    "service/boards/{board}/types",
    text="name category integrationXref",
    flag="defaultFlag inactiveFlag requestForChangeFlag",
    reference="skillCategory skill board location department",
)
PRIORITIES = _schema(
    "Priority",
    "service/priorities",
    text="name color imageLink urgencySortOrder level",
    number="sortOrder",
    flag="defaultFlag",
)
MEMBERS = _schema(
    "Member",
    "system/members",
    text="""
        identifier licenseClass employeeIdentifer firstName middleInitial lastName officeEmail mobileEmail
        homeEmail defaultEmail primaryEmail officePhone mobilePhone title
    """,
    number="hourlyRate",
    flag="inactiveFlag adminFlag",
    date="inactiveDate lastLogin hireDate",
    reference="securityRole type timeZone defaultLocation defaultDepartment workRole workType",
    array="teams serviceBoardTeamIds customFields",
)
USER_DEFINED_FIELDS = _schema(
    "UserDefinedField",
    "system/userDefinedFields",
    text="caption screenId helpText fieldTypeIdentifier entryTypeIdentifier buttonUrl connectWiseID",
    number="podId sequenceNumber numberDecimals",
    flag="""
        requiredFlag displayOnScreenFlag readOnlyFlag listViewFlag addAllBusinessUnits
        removeAllBusinessUnits addAllLocations removeAllLocations
    """,
    date="dateCreated",
    array="options businessUnitIds locationIds",
)

SCHEMAS: Final[Mapping[str, Schema]] = {
    "tickets": TICKETS,
    "companies": COMPANIES,
    "contacts": CONTACTS,
    "boards": BOARDS,
    "statuses": STATUSES,
    "types": TYPES,
    "priorities": PRIORITIES,
    "members": MEMBERS,
    "userDefinedFields": USER_DEFINED_FIELDS,
}
