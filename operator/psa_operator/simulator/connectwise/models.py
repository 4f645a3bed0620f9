"""The names that each kind of record knows, as in the vendor's 2025.8 models."""

from collections.abc import Mapping
from typing import Final

from psa_operator.simulator.connectwise.schema import Schema, schema

TICKETS = schema(
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
PROJECT_TICKETS = schema(
    "Ticket",
    "project/tickets",
    text="""
        summary wbsCode siteName addressLine1 addressLine2 city stateIdentifier zip contactName
        contactPhoneNumber contactPhoneExtension contactEmailAddress agreementType knowledgeBaseLinkType
        automaticEmailCc closedBy subBillingMethod resources billTime billExpenses billProducts
        predecessorType mobileGuid
    """,
    number="""
        budgetHours knowledgeBaseCategoryId knowledgeBaseSubCategoryId knowledgeBaseLinkId actualHours
        subBillingAmount predecessorId lagDays duration
    """,
    flag="""
        isIssueFlag allowAllClientsPortalView customerUpdatedFlag automaticEmailContactFlag
        automaticEmailResourceFlag automaticEmailCcFlag closedFlag approved predecessorClosedFlag
        lagNonworkingDaysFlag
    """,
    date="requiredDate closedDate subDateAccepted estimatedStartDate scheduleStartDate scheduleEndDate",
    reference="""
        board status workRole workType project phase company site country contact type subType item owner
        priority serviceLocation source opportunity agreement location department currency
    """,
    array="tasks customFields",
)
NOTES = schema(
    "ServiceNote",
    "service/tickets/{ticket}/notes",
    text="text createdBy",
    number="ticketId sentimentScore",
    flag="""
        detailDescriptionFlag internalAnalysisFlag resolutionFlag issueFlag customerUpdatedFlag
        processNotifications internalFlag externalFlag
    """,
    date="dateCreated",
    reference="member contact",
)
# `noteType` is sent but, as on the vendor's server, not known to conditions.
ALL_NOTES = schema(
    "ServiceTicketNote",
    "service/tickets/{ticket}/allNotes",
    any="noteType",
    text="text originalAuthor",
    flag="""
        isMarkdownFlag detailDescriptionFlag internalAnalysisFlag resolutionFlag bundledFlag mergedFlag
        issueFlag createdByParentFlag
    """,
    date="timeStart timeEnd",
    reference="ticket member contact",
)
TIME_ENTRIES = schema(
    "TimeEntry",
    "time/entries",
    text="""
        companyType chargeToType businessGroupDesc agreementType projectActivity territory billableOption
        notes internalNotes emailCc hourlyCost enteredBy mobileGuid status ticketBoard ticketStatus
        ticketType ticketSubType locationName
    """,
    number="""
        chargeToId locationId businessUnitId opportunityRecid hoursDeduct actualHours hoursBilled
        invoiceHours hourlyRate overageRate agreementHours agreementAmount agreementAdjustment adjustment
        invoiceReady extendedInvoiceAmount
    """,
    flag="""
        addToDetailDescriptionFlag addToInternalAnalysisFlag addToResolutionFlag emailResourceFlag
        emailContactFlag emailCcFlag invoiceFlag
    """,
    date="timeStart timeEnd dateEntered",
    reference="""
        company member location department workType workRole agreement activity invoice timeSheet ticket
        project phase taxCode
    """,
    array="customFields",
)
COMPANIES = schema(
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
CONTACTS = schema(
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
BOARDS = schema(
    "Board",
    "service/boards",
    text="name billTime billExpense billProduct",
    flag="inactiveFlag projectFlag discussionsLockedFlag timeEntryLockedFlag closedLoopAllFlag",
    reference="location department workRole workType autoCloseStatus",
)
STATUSES = schema(
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
TYPES = schema(
    "Type",
    "service/boards/{board}/types",
    text="name category integrationXref",
    flag="defaultFlag inactiveFlag requestForChangeFlag",
    reference="skillCategory skill board location department",
)
SUBTYPES = schema(
    "SubType",
    "service/boards/{board}/subtypes",
    text="name",
    flag="inactiveFlag addAllTypesFlag removeAllTypesFlag",
    reference="board",
    array="typeAssociationIds",
)
ITEMS = schema("Item", "service/boards/{board}/items", text="name", flag="inactiveFlag", reference="board")
ASSOCIATIONS = schema(
    "TypeSubTypeItemAssociation",
    "service/boards/{board}/typeSubTypeItemAssociations",
    reference="type subType item board",
)
SOURCES = schema("Source", "service/sources", text="name enteredBy", flag="defaultFlag", date="dateEntered")
SERVICE_LOCATIONS = schema("Location", "service/locations", text="name where", flag="defaultFlag")
COMPANY_STATUSES = schema(
    "CompanyStatus",
    "company/companies/statuses",
    text="name notificationMessage",
    flag="""
        defaultFlag inactiveFlag notifyFlag disallowSavingFlag customNoteFlag cancelOpenTracksFlag
    """,
    reference="track",
)
COMPANY_TYPES = schema(
    "CompanyType",
    "company/companies/types",
    text="name serviceAlertMessage",
    flag="defaultFlag vendorFlag serviceAlertFlag",
)
PRIORITIES = schema(
    "Priority",
    "service/priorities",
    text="name color imageLink urgencySortOrder level",
    number="sortOrder",
    flag="defaultFlag",
)
MEMBERS = schema(
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
USER_DEFINED_FIELDS = schema(
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
    "projectTickets": PROJECT_TICKETS,
    "notes": NOTES,
    "timeEntries": TIME_ENTRIES,
    "companies": COMPANIES,
    "contacts": CONTACTS,
    "boards": BOARDS,
    "statuses": STATUSES,
    "types": TYPES,
    "subTypes": SUBTYPES,
    "items": ITEMS,
    "associations": ASSOCIATIONS,
    "sources": SOURCES,
    "serviceLocations": SERVICE_LOCATIONS,
    "companyStatuses": COMPANY_STATUSES,
    "companyTypes": COMPANY_TYPES,
    "priorities": PRIORITIES,
    "members": MEMBERS,
    "userDefinedFields": USER_DEFINED_FIELDS,
}
