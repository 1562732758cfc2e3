"""The rows of the project's clinical facts (section 1) with the signs of each, apart from content/requirements.yaml."""

ROWS = {
    "cord compression is suspected": """
        limb_weakness trouble_walking trouble_on_stairs walking_changed numbness pins_and_needles electric_shocks
        loss_of_feeling clumsy_hands dropping_things buttons bladder_trouble bowel_trouble pain_round_body
        pain_down_limb""",
    "the nerves at the end of the cord": """
        saddle_inner_thighs saddle_genitals saddle_back_passage saddle_buttocks wiping_different urine_hard_to_start
        urine_hard_to_stop no_feeling_urine urine_leak bladder_full_unknown bowel_leak no_feeling_stool
        sexual_sensation""",
    "the odd words in which people tell it early": """
        heavy_legs legs_give_way cotton_wool_feet cannot_rise walking_drunk tight_band""",
    "the spine may be unstable": "sudden_spine_pain fall_known_disease knock_known_disease",
    "on cancer treatment": "fever low_temperature shivering unwell_on_treatment no_urine mottled_skin",
    "general emergencies": """
        worst_right_now chest_pain breathless breathless_after_cement heavy_bleeding fit collapse stroke confusion
        hard_to_wake opioid_sedation calf_clot thick_blood suicide_patient suicide_caregiver""",
    "high calcium": """
        calcium_muddle calcium_drowsy calcium_fit very_thirsty much_urine constipated sick_with_thirst""",
    "after CAR-T or a bispecific antibody": "cart_fever cart_confusion cart_speech",
    "today, straight away": "new_back_pain new_neck_pain",
    "today, kinds of back pain": """
        pain_severe_unremitting pain_worsening pain_movement pain_lying_flat pain_cough pain_night tender_spot
        leg_cramp_walking pain_upper_spine""",
    "today, others": """
        two_urgent pain_eight fever_untreated pain_uncontrolled pain_severe_uncontrolled cannot_keep_medicines
        new_bone_pain wound procedure_new_pain immunotherapy_diarrhoea immunotherapy_cough denosumab_lips
        denosumab_cramps black_stools black_stools_much steroids_stopped""",
}
CONFLICTS = """
    middle_upper_spine weakness_how_fast new_back_pain fever low_temperature cauda_how_many cement_height ablation_kind
    strong_doses cement_pain_score"""

# The number for an ambulance: the project's clinical facts for GB, US, ES and FR; the others are general knowledge.
AMBULANCE = {
    "GB": "999",
    "US": "911",
    "ES": "112",
    "FR": "15",
    "IE": "112",
    "CA": "911",
    "DE": "112",
    "IN": "112",
    "AU": "000",
    "other": "112",
}
HAZARDS = 26  # in content/hazards.yaml: H1 and so on
CRISIS = {"GB": ("116 123", "111"), "US": ("988",), "ES": ("024",), "FR": ("3114",)}

# Numbers as a team's may be, where the digits there are known to be so many.
LINES = {"GB": "+44 1632 555123", "FR": "+33 1 55 51 23 45", "ES": "+34 915 551 234"}
